import type { LambdaPlace } from '../../place.ts'
import { holderOf, moveAlias, percent } from './alias.ts'
import { type Alias, type Code, type Routing, readAlias, readProvisioned, sameRouting } from './functions.ts'
import type { Health } from './health.ts'
import { Failed, Stopped, Superseded, together } from './pace.ts'
import { versionName } from './state.ts'
import { isOfCaller, type Work } from './update.ts'

/** A function whose new version is ready, and the alias as it was last read or written; undefined where it is still to be made. */
export type Ready = { name: string; version: Code; alias: Alias | undefined; serving: Code | undefined; isProvisioned: boolean }

export type Steps = NonNullable<LambdaPlace['traffic']>

const allOn = ({ version }: Pick<Ready, 'version'>): Routing => ({ version: version.version, weights: {} })

const shareOf = ({ alias, version }: Ready, share: number): Routing => ({
  version: alias?.version ?? '',
  weights: { [version.version]: share / 100 },
})

/**
 * Traffic is shared only by versions with one execution role and one dead-letter queue, and not where concurrency is
 * provisioned (Lambda guide, weighted aliases).
 */
export const whyAtOnce = ({ name, alias, serving, version, isProvisioned }: Ready): string | undefined => {
  if (alias === undefined) return `${name}: the alias is new, so it gets all of the traffic at once`
  if (isProvisioned) return `${name}: the alias has provisioned concurrency, which allows no weights; it is switched at once`
  const [before, after] = [serving?.configuration, version.configuration]
  if (before?.Role !== after.Role || before?.DeadLetterConfig?.TargetArn !== after.DeadLetterConfig?.TargetArn)
    return `${name}: the versions have different roles or dead-letter queues, so they cannot share the traffic; it is switched at once`
  return undefined
}

/**
 * Moves the traffic of all functions: in steps, each watched for its time, then all of it. The first function decides between
 * two deployments that come here together: who loses it has moved none of the others.
 */
export const moveTraffic = async (work: Work, ready: readonly Ready[], steps: Steps, health: Health): Promise<void> => {
  const inSteps = ready.filter(
    (each) => steps.length > 0 && whyAtOnce(each) === undefined && each.alias?.version !== each.version.version,
  )
  const since = work.tools.clock.now()
  if (inSteps.length > 0) {
    await health.begin().catch((error: Error) => {
      throw new Failed({ reason: error.message, count: 1 }, { cause: error })
    })
    for (const step of steps) {
      await moveAll(work, inSteps, (each) => shareOf(each, step.percent))
      work.tools.log.info(`  ${percent(step.percent / 100)} of the traffic for ${step.for / 1000} s`)
      await observe(work, inSteps, step.for, health, since)
    }
  }
  await moveAll(work, ready, allOn)
  await together(ready, (each) => (each.isProvisioned ? provisioned(work, each.name) : Promise.resolve()))
}

const moveAll = async (work: Work, ready: readonly Ready[], to: (each: Ready) => Routing): Promise<void> => {
  const move = async (each: Ready): Promise<void> => {
    const routing = to(each)
    work.pace.check()
    each.alias = await moveAlias(work, each.name, each.alias, routing)
    const shares = Object.entries(routing.weights).map(([version, weight]) => `, ${percent(weight)} on ${version}`)
    const { alias } = work.functions
    work.tools.log.info(`  ${alias} of ${each.name} → ${versionName(each.name, routing.version)}${shares.join('')}`)
  }
  const [first, ...others] = ready
  if (first !== undefined) await move(first)
  await together(others, move)
}

/** CloudWatch has a new value once a minute, an alias may change at any time: it is looked at more often. */
const HEALTH_EVERY = 10_000

const observe = async (work: Work, ready: readonly Ready[], time: number, health: Health, since: number): Promise<void> => {
  const { clock, pollInterval } = work.tools
  const end = clock.monotonic() + time
  const versions = ready.map(({ name, version }) => ({ name, version: version.version }))
  const every = Math.max(pollInterval, HEALTH_EVERY)
  let next = clock.monotonic() + every
  for (;;) {
    const left = end - clock.monotonic()
    if (left > 0) await work.pace.pause(Math.min(left, pollInterval))
    const isOver = clock.monotonic() >= end
    const isDue = isOver || clock.monotonic() >= next
    if (isDue) next = clock.monotonic() + every
    const [problem] = await Promise.all([
      isDue ? work.pace.read(() => health.problem(versions, since)).catch(unwatched) : Promise.resolve(undefined),
      together(ready, (each) => requireOurs(work, each)),
    ])
    if (problem !== undefined) throw new Failed({ reason: problem, count: 1 })
    if (isOver) return
  }
}

/** Traffic that cannot be watched goes back. */
const unwatched = (error: Error): never => {
  if (error instanceof Stopped || isOfCaller(error)) throw error
  throw new Failed({ reason: error.message, count: 1 }, { cause: error })
}

const requireOurs = async ({ functions, pace }: Work, { name, alias }: Ready): Promise<void> => {
  const now = await pace.read(() => readAlias(functions, name))
  if (!sameRouting(now, alias)) throw new Superseded(await holderOf(functions, pace, name, now))
}

/** Provisioned concurrency moves with its alias, and is allocated anew. */
const provisioned = async ({ functions, pace, tools }: Work, name: string): Promise<void> => {
  tools.log.info(`  ${name}: waiting for its provisioned concurrency`)
  // It may be of before the switch when it is first seen to be ready.
  for (let ready = 0; ready < 2; ) {
    await pace.pause()
    const now = await pace.read(() => readProvisioned(functions, name, functions.alias))
    if (now === undefined) return
    ready = now.status === 'READY' ? ready + 1 : 0
    if (now.status === 'FAILED')
      throw new Failed({ reason: `${name}: provisioned concurrency failed: ${now.reason}`, count: 1, container: name })
  }
}
