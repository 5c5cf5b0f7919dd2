import type { Cause, Deployment, End, TargetTools, Watched, WatchOptions } from '../../target.ts'
import { holderOf } from './alias.ts'
import { type Bringing, bringFunctions } from './bring.ts'
import { type Functions, readAlias } from './functions.ts'
import { Failed, type Pace, paceOf, Stopped, Superseded } from './pace.ts'
import { type IsOurs, returnAliases, standingOf } from './restore.ts'
import { versionName } from './state.ts'

/** What a return may take where the deployment's own limits say stop. */
export const FREE = { signal: new AbortController().signal, deadline: Number.POSITIVE_INFINITY }

type Watching = Omit<Bringing, 'work' | 'onCause' | 'onFailure' | 'onNote'> & { isOurs: IsOurs; notes: string[] }

/** Brings the image to the functions and follows that to its end. Whoever has to go back is left to do so, but aliases after a third. */
export const watchFunctions = async (
  functions: Functions,
  tools: TargetTools,
  deployment: Deployment,
  options: WatchOptions,
  { isOurs, notes, ...bringing }: Watching,
): Promise<Watched> => {
  const { clock } = tools
  const begun = clock.monotonic()
  const others = new AbortController()
  const pace = paceOf(tools, { ...options, signal: AbortSignal.any([options.signal, others.signal]) })
  const causes: Cause[] = []
  const versions = new Map<string, string>()
  let firstFailure: number | undefined

  const onCause = (cause: Cause): void => {
    firstFailure ??= clock.monotonic() - begun
    causes.push(cause)
    show(cause, tools)
  }
  const onVersion = (name: string, version: string): void => {
    versions.set(name, version)
    bringing.onVersion(name, version)
  }
  const watched = (end: End): Watched => ({
    end,
    causes,
    notes,
    revision: [...versions].map(([name, version]) => versionName(name, version)).join(', '),
    ...(firstFailure !== undefined && { firstFailure }),
  })
  try {
    const work = { functions, pace, tools }
    const onNote = (note: string) => notes.push(note)
    await bringFunctions({ ...bringing, work, onCause, onVersion, onNote, onFailure: () => others.abort() })
    return watched({ state: 'completed' })
  } catch (error) {
    if (error instanceof Failed) return watched({ state: 'failed', restored: false, reason: error.message })
    // Whichever function stopped first stopped the others too: the signal alone tells who asked for it.
    if (error instanceof Stopped) return watched({ state: options.signal.aborted ? 'cancelled' : 'timed-out', restored: false })
    if (!(error instanceof Superseded)) throw error
    await returnOthers(functions, tools, deployment, isOurs)
    return watched({ state: 'superseded', by: error.message })
  }
}

const show = ({ reason, remedy, log = [] }: Cause, tools: TargetTools): void => {
  tools.log.error(`${reason}${remedy === undefined ? '' : `. ${remedy}`}`)
  for (const line of log) tools.log.info(`  | ${line}`)
}

/** One function of several is somebody else's now; the others are not left behind on a version that is nobody's. */
const returnOthers = async (functions: Functions, tools: TargetTools, { previous }: Deployment, isOurs: IsOurs) => {
  const work = { functions, tools, pace: paceOf(tools, FREE) }
  await returnAliases(work, previous.functions ?? {}, isOurs).catch(({ message }: Error) => tools.log.warning(message))
}

/** What became of a deployment whose process is gone: only the aliases tell. */
export const lookBack = async (
  functions: Functions,
  tools: TargetTools,
  deployment: Deployment,
  isOurs: IsOurs,
): Promise<Watched> => {
  const pace: Pace = paceOf(tools, FREE)
  const before = Object.entries(deployment.previous.functions ?? {})
  const standings = await Promise.all(
    before.map(async ([name, was]) => {
      const alias = await pace.read(() => readAlias(functions, name))
      const standing = await standingOf(name, alias, was, isOurs)
      return { standing, by: standing === 'third' ? await holderOf(functions, pace, name, alias) : '' }
    }),
  )
  const third = standings.find(({ standing }) => standing === 'third')
  if (third !== undefined) {
    await returnOthers(functions, tools, deployment, isOurs)
    return { end: { state: 'superseded', by: third.by }, causes: [] }
  }
  const isDone = standings.every(({ standing }) => standing === 'moved')
  return { end: isDone ? { state: 'completed' } : { state: 'cancelled', restored: false }, causes: [] }
}
