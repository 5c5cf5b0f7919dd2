import type { Time } from '../../time.ts'
import type { HostExecutor, HostExit, HostRun } from './executor.ts'

/** What happens on a host when it is given an image. Times are nominal milliseconds. */
export type ScriptedImage = {
  /** Where it goes wrong; `exits` is at its start, `bake` after the switch. */
  fails?: 'pull' | 'start' | 'exits' | 'unhealthy' | 'bake'
  /** What `/version` answers; what was asked for unless it is given. */
  version?: string
  /** How long a deployment of it takes; 4000 by default. */
  takes?: number
  /** It never ends: only a time limit or a cancel does. */
  hangs?: boolean
  log?: string[]
  /** Exit code of a command that is run in it. */
  commandExits?: number
}

type Placed = { release: string; image: string; version?: string }

/** A host with the on-host program, as data. It may be changed while commands run. */
export type ScriptedHost = {
  active?: Placed | undefined
  previous?: Placed | undefined
  /** Release that was switched to by a deployment that was killed. */
  pending?: string | undefined
  /** Release of the operation that holds the lock, and which it is; `deploy` unless it is given. */
  holder?: string | undefined
  holderOperation?: string | undefined
  /** Nominal milliseconds after which nobody sees a program any more: its command ends, and it goes on. So it does when it is cancelled. */
  outlives?: number | undefined
  /** What runs does not do its work: it is made anew when it is asked for again. */
  isIll?: boolean | undefined
  /** Why the host cannot be put in order. */
  broken?: string | undefined
  /** Release of a command whose container a killed program left. */
  left?: string | undefined
  /** Why the preflight fails. */
  unfit?: string | undefined
  /** Another text instead of what the program prints. */
  prints?: ((verdict: string) => string) | undefined
  /** How often the host was switched to another image. */
  swaps?: number
}

type Ending = { phase: string; result: string; exit: number; reason?: string; log?: string[] }

const digestOf = (image: string | undefined): string => image?.split('@')[1] ?? ''

const failures: Record<NonNullable<ScriptedImage['fails']>, Ending> = {
  pull: { phase: 'pull', result: 'failed', exit: 23, reason: 'the image could not be pulled: manifest unknown' },
  start: { phase: 'start', result: 'failed', exit: 23, reason: 'the container could not be started' },
  exits: { phase: 'gate', result: 'failed', exit: 24, reason: 'the container ended with exit code 1' },
  unhealthy: { phase: 'gate', result: 'failed', exit: 24, reason: '/healthz answers 503' },
  bake: { phase: 'bake', result: 'failed', exit: 25, reason: 'the new version answered with errors and was switched back' },
}

const verdict = (
  host: ScriptedHost,
  operation: string,
  { phase, result, exit, reason = '', log = [] }: Ending,
  took: number,
): HostExit => {
  const { active, previous, pending = '', holder = '', holderOperation = 'deploy', prints } = host
  const line = JSON.stringify({
    ...{ v: 1, operation, phase, result, exit, active: active?.release ?? '', previous: previous?.release ?? '' },
    ...{ digest: digestOf(active?.image), image: active?.image ?? '', version: active?.version ?? '' },
    ...{ previous_image: previous?.image ?? '', holder_operation: holder === '' ? '' : holderOperation },
    ...{ running: active !== undefined, pending, holder, drain_s: 0, phases: { [phase]: took }, reason, log },
  })
  const text = `${line}\n00:00:00 == ${phase}\n`
  return { code: exit, stdout: prints?.(text) ?? text, stderr: '' }
}

const killedExit: HostExit = { code: 137, stdout: '', stderr: '' }

/** The images that all hosts know, by digest; `*` for every other. */
export type ScriptedImages = Record<string, ScriptedImage>

/** Hosts without processes: only what the on-host program says and what it leaves, on the clock of the local cloud. */
export const scriptedHosts = (time: Time, hosts: Record<string, ScriptedHost>, images: ScriptedImages): HostExecutor => {
  const behaviour = (image: string | undefined): ScriptedImage => images[digestOf(image)] ?? images['*'] ?? {}

  const place = async (
    host: ScriptedHost,
    { Image: image = '', Release: asked = '', Version: wanted = '' }: HostRun['parameters'],
    signal: AbortSignal,
    result: string,
  ): Promise<Ending> => {
    const { fails, version = wanted, takes = 4_000, hangs, log = [] } = behaviour(image)
    const release = asked === host.active?.release ? `${asked}.again` : asked
    await time.sleep(hangs ? 2 ** 30 : takes * 0.7, signal)
    if (fails !== undefined && fails !== 'bake') return { ...failures[fails], log }
    if (wanted !== '' && version !== wanted) {
      return { phase: 'gate', result: 'failed', exit: 24, reason: `/version answers '${version}' and not '${wanted}'`, log }
    }
    host.pending = release
    await time.sleep(takes * 0.3, signal)
    host.pending = undefined
    if (fails === 'bake') return { ...failures.bake, log }
    const changed = { previous: host.active, active: { release, image, version }, isIll: false }
    Object.assign(host, changed, { swaps: (host.swaps ?? 0) + 1 })
    return { phase: 'done', result, exit: 0 }
  }

  const deploy = async (host: ScriptedHost, parameters: HostRun['parameters'], signal: AbortSignal): Promise<Ending> =>
    digestOf(host.active?.image) === digestOf(parameters['Image']) && !host.isIll
      ? { phase: 'done', result: 'noop', exit: 0 }
      : place(host, parameters, signal, 'deployed')

  /** By image where one is given, whether its container was kept or not; else by release. */
  const rollback = async (host: ScriptedHost, parameters: HostRun['parameters'], signal: AbortSignal): Promise<Ending> => {
    const { Image: image = '', Release: release } = parameters
    const isIt = (placed: Placed | undefined): placed is Placed =>
      placed !== undefined && (image === '' ? placed.release === release : placed.image === image)
    const { active, previous } = host
    if (isIt(active) && !host.isIll) return { phase: 'done', result: 'noop', exit: 0 }
    if (!isIt(previous) && image !== '') return place(host, parameters, signal, 'rolled-back')
    if (!isIt(previous))
      return { phase: 'reconcile', result: 'failed', exit: 26, reason: `release ${release} is not on this host any more` }
    await time.sleep(2_000, signal)
    Object.assign(host, { active: previous, previous: active, swaps: (host.swaps ?? 0) + 1 })
    return { phase: 'done', result: 'rolled-back', exit: 0 }
  }

  const runCommand = async (
    host: ScriptedHost,
    { Image: image, Release: release }: HostRun['parameters'],
    signal: AbortSignal,
  ): Promise<Ending> => {
    const { fails, commandExits = 0, hangs, log = [] } = behaviour(image)
    host.left = release
    await time.sleep(hangs ? 2 ** 30 : 1_000, signal)
    host.left = undefined
    if (fails === 'pull') return failures.pull
    if (commandExits === 0) return { phase: 'done', result: 'ran', exit: 0, log }
    return { phase: 'start', result: 'failed', exit: 27, reason: `the command ended with exit code ${commandExits}`, log }
  }

  const act = async (host: ScriptedHost, parameters: HostRun['parameters'], signal: AbortSignal): Promise<Ending> => {
    Object.assign(host, { pending: undefined, left: undefined })
    switch (parameters['Operation']) {
      case 'deploy':
      case 'run':
        if (host.unfit !== undefined) return { phase: 'preflight', result: 'failed', exit: 22, reason: host.unfit }
        return parameters['Operation'] === 'run' ? runCommand(host, parameters, signal) : deploy(host, parameters, signal)
      case 'rollback':
        return rollback(host, parameters, signal)
      default:
        if (host.broken !== undefined) return { phase: 'reconcile', result: 'failed', exit: 21, reason: host.broken }
        return { phase: 'done', result: 'reconciled', exit: 0 }
    }
  }

  return {
    async run({ instanceId, parameters }, signal) {
      const host = hosts[instanceId]
      if (host === undefined) throw new Error(`there is no scripted host for instance ${instanceId}`)
      const { Operation: operation = '', Release: release = '' } = parameters
      const began = time.now().getTime()
      const say = (ending: Ending) => verdict(host, operation, ending, Math.round((time.now().getTime() - began) * time.factor))
      if (operation === 'status') return say({ phase: 'done', result: 'reported', exit: 0 })
      if (host.holder !== undefined) {
        return say({
          phase: 'lock',
          result: 'busy',
          exit: 20,
          reason: `another operation is under way on this host: ${host.holder}`,
        })
      }
      Object.assign(host, { holder: release || 'none', holderOperation: operation })
      const { outlives } = host
      // The kernel frees the lock of what was killed.
      const free = () => Object.assign(host, { holder: undefined, holderOperation: undefined })
      const program = act(host, parameters, outlives === undefined ? signal : new AbortController().signal).then(
        (ending) => {
          free()
          return say(ending)
        },
        (error) => {
          free()
          if (!signal.aborted) throw error
          return killedExit
        },
      )
      const unseen = async (after: number): Promise<HostExit> => {
        await time.sleep(after, signal).catch(() => undefined)
        return { code: signal.aborted ? 137 : 0, stdout: '', stderr: '' }
      }
      return outlives === undefined ? program : Promise.race([program, unseen(outlives)])
    },
    reboot: () => time.sleep(20_000),
  }
}
