import type { DeploymentPlan } from '../../../lib/delivery/plan.ts'
import { parseRelease, type Release, recordNames, releaseId } from '../../../lib/delivery/records.ts'
import { pinned } from '../../../lib/image.ts'
import { isGreen } from './outcome.ts'
import type { ServiceResult } from './request.ts'

/** What the records of an environment say. A service that was never recorded is absent. */
export type Recorded = { images: ReadonlyMap<string, string>; release?: Release }

export interface Records {
  read(parameters: readonly string[]): Promise<Map<string, string>>
  write(parameter: string, value: string): Promise<void>
}

/** Who carries out a release, for the ledger. */
export type Author = { run: string; actor: string; now: number }

export const readRecords = async (records: Records, plan: DeploymentPlan): Promise<Recorded> => {
  const names = recordNames(plan.project, plan.environment)
  const services = plan.services.map(({ name }) => name)
  const values = await records.read([names.release, ...services.map(names.image)])
  const release = values.get(names.release)
  const images = services.flatMap((service): [string, string][] => {
    const value = values.get(names.image(service))
    return value === undefined ? [] : [[service, value]]
  })
  return { images: new Map(images), ...(release !== undefined && { release: parseRelease(release, names.release) }) }
}

/**
 * The parameters to write after everything was proven, in the order in which they must be written: what each service
 * runs first, the release last, so that a release is never on record before all of it is. Nothing is written twice.
 * `release` is its id, where another one stood here before.
 */
export const changedRecords = (
  plan: DeploymentPlan,
  results: readonly ServiceResult[],
  recorded: Recorded,
  author: Author,
): { release?: string; parameters: [name: string, value: string][] } => {
  const names = recordNames(plan.project, plan.environment)
  const proven = plan.services.filter(({ name }) => {
    const result = results.find(({ service }) => service === name)
    return result !== undefined && isGreen(result.outcome) && result.runningDigest !== undefined
  })
  if (proven.length === 0) return { parameters: [] }
  const images = proven.flatMap(({ name, image }): [string, string][] => {
    const { repository = '', digest = '' } = plan.release.images[image] ?? {}
    const value = pinned(repository, digest)
    return recorded.images.get(name) === value ? [] : [[names.image(name), value]]
  })
  const provenNames = proven.map(({ name }) => name)
  const release = releaseOf(plan, provenNames, recorded.release, author)
  if (sameRelease(release, recorded.release)) return { parameters: images }
  const isNew = release.release !== recorded.release?.release
  return {
    ...(isNew && { release: release.release }),
    parameters: [...images, [names.release, JSON.stringify(release)]],
  }
}

const releaseOf = (plan: DeploymentPlan, proven: readonly string[], before: Release | undefined, author: Author): Release => {
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
  const stood = before?.release === id && before.partial === (isPartial || undefined) ? before : undefined
  const previous = stood ? stood.previous : before?.release
  return {
    release: id,
    images,
    services,
    commit: plan.release.commit,
    run: author.run,
    actor: author.actor,
    verifiedAt: stood?.verifiedAt ?? new Date(author.now).toISOString(),
    ...(previous !== undefined && { previous }),
    rejected: before?.rejected ?? [],
    ...(isPartial && { partial: true }),
  }
}

/** Who and which run do not count: the same release of the same commit is the same release. */
const sameRelease = (one: Release, other: Release | undefined): boolean => {
  const facts = ({ release, commit, images, services, partial }: Release): string =>
    JSON.stringify([release, commit, Object.entries(images).toSorted(), Object.entries(services).toSorted(), partial])
  return other !== undefined && facts(one) === facts(other)
}
