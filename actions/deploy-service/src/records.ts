import { noNewerCandidate } from '../../../lib/delivery/gates/newer-candidate.ts'
import type { DeploymentPlan } from '../../../lib/delivery/plan.ts'
import { type Hold, parseHold, parseRelease, type Release, recordNames, releaseId } from '../../../lib/delivery/records.ts'
import { pinned } from '../../../lib/image.ts'
import { originOf } from './origin.ts'
import { isGreen } from './outcome.ts'
import type { ServiceResult } from './request.ts'

/** What the records of an environment say. A service that was never recorded is absent. */
export type Recorded = {
  images: ReadonlyMap<string, string>
  release?: Release
  hold?: Hold
  /** The text of the hold, to tell it from a later one. */
  holdValue?: string
  /** With a rollback: the release that comes back, as it was recorded when it stood here. */
  origin?: Release
}

export interface Records {
  read(parameters: readonly string[]): Promise<Map<string, string>>
  /** Every value that a parameter ever had and AWS still keeps, oldest first. */
  history(parameter: string): Promise<string[]>
  write(parameter: string, value: string): Promise<void>
}

/** Who carries out a release, for the ledger. */
export type Author = { run: string; actor: string; now: number }

export const readRecords = async (records: Records, plan: DeploymentPlan): Promise<Recorded> => {
  const names = recordNames(plan.project, plan.environment)
  const services = plan.services.map(({ name }) => name)
  const [values, history] = await Promise.all([
    records.read([names.release, names.hold, ...services.map(names.image)]),
    plan.kind === 'rollback' ? records.history(names.release) : [],
  ])
  const release = values.get(names.release)
  const holdValue = values.get(names.hold)
  const hold = holdValue === undefined ? undefined : parseHold(holdValue, names.hold)
  const images = services.flatMap((service): [string, string][] => {
    const value = values.get(names.image(service))
    return value === undefined ? [] : [[service, value]]
  })
  const origin = originOf(plan, history, names.release)
  return {
    images: new Map(images),
    ...(release !== undefined && { release: parseRelease(release, names.release) }),
    ...(hold && { hold }),
    ...(holdValue !== undefined && { holdValue }),
    ...(origin && { origin }),
  }
}

/**
 * The parameters to write after everything was proven, in the order in which they must be written: what each service
 * runs first, the release last, so that a release is never on record before all of it is. Nothing is written twice.
 * `release` is the id of what then stands here, `isNew` whether another one stood here before.
 */
export const changedRecords = (
  plan: DeploymentPlan,
  results: readonly ServiceResult[],
  recorded: Recorded,
  author: Author,
): { release?: string; isNew: boolean; parameters: [name: string, value: string][] } => {
  const names = recordNames(plan.project, plan.environment)
  const proven = plan.services.filter(({ name }) => {
    const result = results.find(({ service }) => service === name)
    return result !== undefined && isGreen(result.outcome) && (result.runningDigest !== undefined || result.tried === true)
  })
  if (proven.length === 0) return { isNew: false, parameters: [] }
  const images = proven.flatMap(({ name, image }): [string, string][] => {
    const { repository = '', digest = '' } = plan.release.images[image] ?? {}
    const value = pinned(repository, digest)
    return recorded.images.get(name) === value ? [] : [[names.image(name), value]]
  })
  const provenNames = proven.map(({ name }) => name)
  const release = releaseOf(plan, provenNames, recorded, author)
  const isNew = release.release !== recorded.release?.release
  const result = { release: release.release, isNew }
  // An older run that proved the same once more does not put its own commit over a newer one.
  const isOutdated = !isNew && noNewerCandidate(author.run, recorded.release).result !== 'pass'
  if (isOutdated || sameRelease(release, recorded.release)) return { ...result, parameters: images }
  return { ...result, parameters: [...images, [names.release, JSON.stringify(release)]] }
}

const releaseOf = (
  plan: DeploymentPlan,
  proven: readonly string[],
  { release: before, origin }: Recorded,
  author: Author,
): Release => {
  const services = Object.fromEntries(
    plan.services.filter(({ name }) => proven.includes(name)).map(({ name, image }) => [name, image]),
  )
  const used = new Set(Object.values(services))
  const images = Object.fromEntries(
    Object.entries(plan.release.images)
      .filter(([name]) => used.has(name))
      .map(([name, { digest = '', tag }]) => [name, { digest, tag }]),
  )
  const id = releaseId(images, services)
  const isPartial = proven.length < plan.services.length
  const stood = before?.release === id && before.partial === (isPartial || undefined) ? before : origin
  const previous = stood ? stood.previous : before?.release
  const rejected = [...(before?.rejected ?? []), ...(origin?.rejected ?? []), ...(plan.rejects ? [plan.rejects] : [])]
  return {
    release: id,
    images,
    services,
    commit: plan.release.commit,
    ...(plan.infrastructure !== undefined && { infrastructure: plan.infrastructure }),
    run: author.run,
    actor: author.actor,
    verifiedAt: stood?.verifiedAt ?? new Date(author.now).toISOString(),
    ...(previous !== undefined && { previous }),
    rejected: [...new Set(rejected)],
    ...(isPartial && { partial: true }),
    ...((plan.kind === 'hotfix' || plan.kind === 'rollback') && { kind: plan.kind }),
    ...(plan.reason !== undefined && { reason: plan.reason }),
  }
}

/** Who and which run do not count: the same release of the same commit is the same release. */
const sameRelease = (one: Release, other: Release | undefined): boolean => {
  const facts = ({ release, commit, infrastructure, images, services, partial, rejected }: Release): string =>
    JSON.stringify([
      [release, commit, infrastructure, partial, rejected],
      [Object.entries(images).toSorted(), Object.entries(services).toSorted()],
    ])
  return other !== undefined && facts(one) === facts(other)
}
