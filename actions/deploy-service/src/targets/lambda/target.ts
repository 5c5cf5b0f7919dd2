import { randomUUID } from 'node:crypto'
import type { Session } from '../../../../../lib/aws/session.ts'
import { Refusal } from '../../../../../lib/refusal.ts'
import type { Invocation, LambdaPlace } from '../../place.ts'
import { ecrRegistry, type Registry } from '../../registry.ts'
import type { Deployment, DeploymentTarget, Running, TargetTools, Wanted } from '../../target.ts'
import { type Functions, readAlias, readCode } from './functions.ts'
import { healthOf } from './health.ts'
import { FREE, type Pace, paceOf, together } from './pace.ts'
import { proveFunctions } from './prove.ts'
import { commandWarnings, divided, MARK, type Reading, readFunctions } from './read.ts'
import { type IsOurs, returnAliases, returnLatest } from './restore.ts'
import { deleteOldVersions } from './retention.ts'
import type { Work } from './update.ts'
import { lookBack, watchFunctions } from './watch.ts'

/** `run`: id and attempt of the run; `runUrl` and `registry` are not given to a post step. */
export type LambdaOptions = LambdaPlace & { run: string; runUrl?: string; registry?: Registry }

/** The version that AWS keeps of a description is cut there. */
const LONGEST_DESCRIPTION = 256

/** How long reads and invocations of a proof may fail in a way that passes. */
const PROOF_TIME = 120_000

/** How long what another deployment has left to this one may take to go back. */
const OTHERS_TIME = 60_000

/** Lambda functions from one image, each behind an alias of the same name. */
export const lambdaTarget = async (session: Session, tools: TargetTools, options: LambdaOptions): Promise<DeploymentTarget> => {
  const { LambdaClient } = await import('@aws-sdk/client-lambda')
  const { alias } = options
  const functions: Functions = { lambda: session.client(LambdaClient), once: session.clientWithoutRetry(LambdaClient), alias }
  const registry = options.registry ?? ecrRegistry(session, (message) => tools.log.notice(message))
  const alarms = options.alarms ?? []
  const client = async () => session.client((await import('@aws-sdk/client-cloudwatch')).CloudWatchClient)
  const published = new Map<string, string>()
  const sent = new Set<string>()
  let reading: Reading | undefined
  let deployment: Deployment | undefined
  let isThere = false

  const health = healthOf({ alias, alarms, client }, tools)

  const read = async (wanted: readonly Wanted[]): Promise<Reading> => {
    const { account, region } = session
    const [found, missing] = await Promise.all([
      readFunctions(functions, wanted, { functions: options.functions, account, region, registry }),
      (options.traffic ?? []).length > 0 ? health.missing() : undefined,
    ])
    if (missing !== undefined && !found.running.settled)
      throw new Refusal(`${missing} in account ${account}, ${region}; nothing was changed. Correct its name, or make it first`)
    reading = found
    return found
  }

  /** Nothing is written yet: the post step of a process that is killed from here on knows where the aliases stood. */
  const begin = (running: Running): Deployment => {
    if (reading === undefined) throw new Error('the functions were not read')
    const { image } = reading.target
    const run = options.run.trim().replaceAll(/\s+/g, '-') || 'by-hand'
    deployment = {
      id: `${MARK}${run}-${randomUUID().slice(0, 8)}`,
      revision: running.revision,
      previous: running,
      startedAt: tools.clock.now(),
      images: Object.fromEntries(reading.functions.map(({ name }) => [name, image])),
    }
    return deployment
  }

  /** Work that no signal ends, only its own deadline; what it begins with is tried once even after that. */
  const workUntil = (deadline: number): Work => ({ functions, tools, pace: paceOf(tools, { ...FREE, deadline }) })

  const isDigestOurs = async (pace: Pace, name: string, version: string): Promise<boolean> => {
    const { digest } = await pace.read(() => readCode(functions, name, version))
    return digest === deployment?.images?.[name]?.split('@')[1]
  }

  /** The process that deployed knows what it published. Another one knows it only by the digest. */
  const isOursBy =
    (pace: Pace): IsOurs =>
    async (name, version) => {
      if (reading !== undefined) return version === published.get(name)
      return version !== deployment?.previous.functions?.[name]?.version && (await isDigestOurs(pace, name, version))
    }

  /** Puts back what is not somebody else's: the aliases, then the unpublished code. */
  const takeBack = async (running: Running, deadline: number) => {
    const work = workUntil(deadline)
    const left = await returnAliases(work, running.functions ?? {}, isOursBy(work.pace))
    // Where the other deployment has brought the same image, `$LATEST` is as it is to be.
    const served = await together(left, async ({ name }) => {
      const now = await work.pace.read(() => readAlias(functions, name))
      return now !== undefined && (await isDigestOurs(work.pace, name, now.version)) ? [name] : []
    })
    const isTheirs = new Set(served.flat())
    const [image = ''] = Object.values(deployment?.images ?? {})
    const trouble = await returnLatest(work, {
      before: running.functions ?? {},
      ours: { digest: image.split('@')[1] ?? '', architecture: running.platform?.architecture ?? '' },
      isSent: (name) => (reading === undefined || sent.has(name)) && !isTheirs.has(name),
      deadline,
    })
    return { left: left.map(({ by }) => by), trouble }
  }

  const returnOthersBy = async ({ previous }: Deployment, deadline: number): Promise<string[]> => {
    const { left, trouble } = await takeBack(previous, Math.min(tools.clock.monotonic() + OTHERS_TIME, deadline))
    if (trouble !== undefined) throw new Error(trouble)
    return left
  }

  return {
    read: async (wanted) => {
      const { running, target, functions: found } = await read(wanted)
      for (const warning of commandWarnings(found, options.functions)) tools.log.warning(warning)
      const different = divided(found)
      if (different !== undefined) tools.log.warning(different)
      if (target.child && !running.settled)
        tools.log.notice(`Lambda runs no index: ${target.digest}, the one image for its functions in it, is deployed`)
      return running
    },

    runOnce: async () => {
      throw new Refusal(
        "a Lambda service runs no command before it is deployed; remove 'pre-deploy', or give it to another service",
      )
    },

    start: async (_wanted, running) => begin(running),
    attach: async (running) => begin(running),

    watch: async (given, watchOptions) => {
      deployment = given
      if (reading === undefined) {
        const { deadline } = watchOptions
        const work = workUntil(deadline)
        return lookBack(work, given, isOursBy(work.pace), (each) => returnOthersBy(each, deadline))
      }
      const { target, functions: found } = reading
      const notes = target.child ? [`Of the index, ${target.digest} was deployed: Lambda runs no index.`] : []
      for (const { name, alias: there } of found)
        if (there === undefined)
          tools.log.notice(
            `${name} has no alias '${alias}': it is made. Callers that name no alias get the image as soon as it is updated`,
          )
      const watched = await watchFunctions(functions, tools, given, watchOptions, {
        reading,
        place: options,
        description: `${given.id} ${options.runUrl ?? ''} ${target.digest}`.replaceAll(/ +/g, ' ').slice(0, LONGEST_DESCRIPTION),
        health,
        onSent: (name) => sent.add(name),
        onVersion: (name, version) => published.set(name, version),
        // The deployment's own time may be over; the way back has one of its own.
        returnOthers: (each) => returnOthersBy(each, Number.POSITIVE_INFINITY),
        notes,
      })
      isThere = watched.end.state === 'completed'
      return watched
    },

    causes: async () => [],

    restore: async (running, _ours, deadline) => {
      isThere = false
      const { left, trouble } = await takeBack(running, deadline)
      const others = left.length === 0 ? [] : [`${left.join(', ')}, which this run did not start, is left alone`]
      const troubles = [...others, ...(trouble === undefined ? [] : [trouble])]
      return troubles.length === 0 ? undefined : troubles.join('; ')
    },

    prove: (expected, aliases, before, limits) => {
      const unaliased = Object.entries(before?.functions ?? {}).filter(([, { version }]) => version === undefined)
      const deadline = Math.min(limits?.deadline ?? Number.POSITIVE_INFINITY, tools.clock.monotonic() + PROOF_TIME)
      /** After a switch it is invoked once more; where nothing was to do only if that can do no harm. */
      const mayInvoke = (smoke: Invocation): boolean =>
        before === undefined && (isThere || (deployment === undefined && 'version' in smoke))
      return proveFunctions(workUntil(deadline), {
        expected,
        aliases,
        unaliased: new Set(unaliased.map(([name]) => name)),
        smokeOf: (name) => {
          const { smoke } = options.functions.find((each) => each.name === name) ?? {}
          return smoke && mayInvoke(smoke) ? smoke : undefined
        },
      })
    },

    expected: ([wanted]) => Object.fromEntries(options.functions.map(({ name }) => [name, wanted?.digest ?? ''])),

    tidy: async ({ previous }) => {
      for (const { name } of options.functions)
        await deleteOldVersions(functions, tools, name, previous.functions?.[name]?.version)
    },
  }
}
