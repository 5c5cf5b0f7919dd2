import type { DeploymentPlan } from '../../../lib/delivery/plan.ts'
import { recordNames, releaseHistory } from '../../../lib/delivery/records.ts'
import { isSeeded } from '../../../lib/delivery/services.ts'
import { parseImage, pinned } from '../../../lib/image.ts'
import { type Conclusion, concluded } from './conclusion.ts'
import { type Delivery, requireGo } from './deliver.ts'
import { completePlan, requireImages, resolveImages } from './images.ts'
import type { Outcome } from './outcome.ts'
import { type Records, readRecords } from './records.ts'
import type { ServiceResult } from './request.ts'

/**
 * Writes the `image` records of services that were never deployed, so that infrastructure can make them: each with the digest that is
 * delivered to it next, which must be in the registry, also over one that an earlier run has written. Deploys nothing, and records no release. A service that
 * exists already without infrastructure of ours is left alone: its first deployment records it, once it is proven. So is one on
 * hosts: no template names its image, and a host would start it before the pre-deploy command has run.
 */
export const seed = async (delivery: Delivery, given: DeploymentPlan): Promise<Conclusion> => {
  const { job, registry, records, session, tools, limits } = delivery
  const guard = session.guard()
  const reading = Promise.all([resolveImages(job, registry), readRecords(records, given)])
  await Promise.allSettled([guard, reading])
  await guard
  const [{ wanted, found }, recorded] = await reading
  const plan = completePlan(given, found)
  const names = recordNames(plan.project, plan.environment)
  const seedable = plan.services.filter(isSeeded)
  const delivered = seedable.every(({ name }) => !recorded.images.has(name)) ? [] : await everDelivered(records, names.release)
  const missing = seedable.filter(({ name, image }) => {
    const before = recorded.images.get(name)
    if (before === undefined) return true
    // With the image that an earlier run meant to deliver, which may be gone by now.
    return !delivered.includes(name) && before !== imageOf(plan, image)
  })
  if (missing.length === 0) return { ...concluded([], ['Every service has its image on record.']), outcome: 'no-change' }
  const outdated = requireGo(delivery, { plan, recorded, inspected: [], images: new Map() })
  if (outdated !== undefined) return { ...concluded([], [`Skipped: ${outdated}.`]), outcome: 'skipped' }
  const images = new Map(missing.map(({ name }) => [name, wanted.get(name) ?? []]))
  await requireImages(images, found, registry)

  const results: ServiceResult[] = []
  for (const { name, image } of missing) {
    const value = imageOf(plan, image)
    if (limits.dryRun) tools.log.info(`${name}: would record ${value}`)
    else await records.write(names.image(name), value)
    if (!limits.dryRun) tools.log.info(`recorded ${names.image(name)}`)
    results.push(seeded(name, parseImage(value)?.digest ?? '', limits.dryRun ? 'skipped' : 'succeeded'))
  }
  const note = limits.dryRun ? 'dry run: would record' : 'Recorded'
  return concluded(results, [`${note} the first image of ${missing.map(({ name }) => name).join(', ')}; nothing was deployed.`])
}

const imageOf = ({ release: { images } }: DeploymentPlan, image: string): string => {
  const { repository = '', digest = '' } = images[image] ?? {}
  return pinned(repository, digest)
}

/** Services of all releases that ever stood here, also of those that left one. */
const everDelivered = async (records: Records, release: string): Promise<string[]> => {
  const values = await records.history(release)
  const history = releaseHistory(
    values.map((value) => ({ at: 0, value })),
    release,
  )
  return history.flatMap((each) => Object.keys(each.release.services))
}

const seeded = (service: string, digest: string, outcome: Outcome): ServiceResult => ({
  service,
  outcome,
  causes: [],
  digest,
  duration: 0,
})
