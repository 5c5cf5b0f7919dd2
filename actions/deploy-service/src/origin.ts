import type { DeploymentPlan } from '../../../lib/delivery/plan.ts'
import { parseRelease, type Release, releaseId } from '../../../lib/delivery/records.ts'

/**
 * The release that a rollback brings back, as it was recorded here: of that id, or, where services came or went since,
 * the newest one in which every service of the plan had the same image. Values that are no release are passed over.
 */
export const originOf = (plan: DeploymentPlan, history: readonly string[], parameter: string): Release | undefined => {
  const { services, release, rejects } = plan
  const id = releaseId(
    Object.fromEntries(Object.entries(release.images).map(([name, { digest = '' }]) => [name, { digest }])),
    Object.fromEntries(services.map(({ name, image }) => [name, image])),
  )
  const newestFirst = history
    .flatMap((value) => {
      try {
        return [parseRelease(value, parameter)]
      } catch {
        return []
      }
    })
    .toReversed()
  const hadTheSame = (recorded: Release): boolean =>
    services.every(({ name, image }) => {
      const digest = recorded.images[recorded.services[name] ?? '']?.digest
      return digest !== undefined && digest === release.images[image]?.digest
    })
  const candidates = newestFirst.filter(
    (recorded) => recorded.release !== rejects && recorded.partial === undefined && hadTheSame(recorded),
  )
  return candidates.find((recorded) => recorded.release === id) ?? candidates[0]
}
