import { randomUUID } from 'node:crypto'
import type { Session } from '../../../../../lib/aws/session.ts'
import { Refusal } from '../../../../../lib/refusal.ts'
import type { LambdaPlace } from '../../place.ts'
import { ecrRegistry, type Registry } from '../../registry.ts'
import type { Deployment, DeploymentTarget, Running, TargetTools, Wanted } from '../../target.ts'
import { type Functions, readCode } from './functions.ts'
import { healthOf } from './health.ts'
import { paceOf } from './pace.ts'
import { proveFunctions } from './prove.ts'
import { commandWarnings, MARK, type Reading, readFunctions } from './read.ts'
import { returnAliases, returnLatest } from './restore.ts'
import { deleteOldVersions } from './retention.ts'
import { invoke } from './smoke.ts'
import { FREE, lookBack, watchFunctions } from './watch.ts'

/** `run`: id and attempt of the run; `runUrl` and `registry` are not given to a post step. */
export type LambdaOptions = LambdaPlace & { run: string; runUrl?: string; registry?: Registry }

/** The version that AWS keeps of a description is cut there. */
const LONGEST_DESCRIPTION = 256

/** How long an update that is under way is waited for when only `$LATEST` still has to go back. */
const LATEST_TIME = 30_000

/** Lambda functions from one image, each behind an alias of the same name. */
export const lambdaTarget = async (session: Session, tools: TargetTools, options: LambdaOptions): Promise<DeploymentTarget> => {
  const { LambdaClient } = await import('@aws-sdk/client-lambda')
  const { alias } = options
  const functions: Functions = { lambda: session.client(LambdaClient), once: session.clientWithoutRetry(LambdaClient), alias }
  const registry = options.registry ?? ecrRegistry(session, (message) => tools.log.notice(message))
  const alarms = options.alarms ?? []
  const client = async () => session.client((await import('@aws-sdk/client-cloudwatch')).CloudWatchClient)
  const published = new Map<string, string>()
  let reading: Reading | undefined
  let deployment: Deployment | undefined
  let isThere = false

  const read = async (wanted: readonly Wanted[]): Promise<Reading> => {
    const { account, region } = session
    reading = await readFunctions(functions, wanted, { functions: options.functions, account, region, registry })
    return reading
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

  /** Another process knows the versions of this deployment only by the digest that they hold. */
  const isOurs = async (name: string, version: string): Promise<boolean> => {
    const { previous, images } = deployment ?? {}
    const before = previous?.functions?.[name]
    if (version === published.get(name) || before?.shared?.includes(version)) return true
    if (version === before?.version || published.has(name)) return false
    const code = await readCode(functions, name, version)
    return code.digest === images?.[name]?.split('@')[1]
  }

  return {
    read: async (wanted) => {
      const { running, target, functions: found } = await read(wanted)
      for (const warning of commandWarnings(found, options.functions)) tools.log.warning(warning)
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
      if (reading === undefined) return lookBack(functions, tools, given, isOurs)
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
        health: healthOf({ alias, alarms, client }, tools),
        onVersion: (name, version) => published.set(name, version),
        isOurs,
        notes,
      })
      isThere = watched.end.state === 'completed'
      return watched
    },

    causes: async () => [],

    restore: async (running, _ours, deadline) => {
      isThere = false
      const work = { functions, tools, pace: paceOf(tools, { ...FREE, deadline }) }
      const before = running.functions ?? {}
      const trouble = await returnAliases(work, before, isOurs)
      if (trouble !== undefined) return trouble
      const [image = ''] = Object.values(deployment?.images ?? {})
      const ours = { digest: image.split('@')[1] ?? '', architecture: running.platform?.architecture ?? '' }
      const soon = Math.min(deadline, tools.clock.monotonic() + LATEST_TIME)
      await returnLatest({ ...work, pace: paceOf(tools, { ...FREE, deadline: soon }) }, before, ours)
      return undefined
    },

    prove: (expected, aliases, before) => {
      const unaliased = Object.entries(before?.functions ?? {}).filter(([, { version }]) => version === undefined)
      const work = { functions, tools, pace: paceOf(tools, FREE) }
      const executedVersion = async (name: string): Promise<string | undefined> => {
        const { smoke } = options.functions.find((each) => each.name === name) ?? {}
        if (!isThere || before !== undefined || smoke === undefined) return undefined
        return (await invoke(work, name, alias, smoke)).executedVersion
      }
      return proveFunctions(functions, tools, {
        expected,
        aliases,
        unaliased: new Set(unaliased.map(([name]) => name)),
        executedVersion,
      })
    },

    expected: ([wanted]) => Object.fromEntries(options.functions.map(({ name }) => [name, wanted?.digest ?? ''])),

    tidy: async ({ previous }) => {
      for (const { name } of options.functions)
        await deleteOldVersions(functions, tools, name, previous.functions?.[name]?.version)
    },
  }
}
