import type { DeploymentPlan } from '../../../lib/delivery/plan.ts'
import { type Release, recordNames, releaseHistory } from '../../../lib/delivery/records.ts'
import { parseImage } from '../../../lib/image.ts'
import { lookAtRest, stoppedWaiting } from './at-rest.ts'
import { type Conclusion, concluded } from './conclusion.ts'
import type { Delivery } from './deliver.ts'
import { aliasesOf } from './images.ts'
import { type JobService, recordedService } from './job.ts'
import { refuseUnfit } from './preflight.ts'
import type { Records } from './records.ts'
import { deployRelease } from './release.ts'
import { type Inspected, resultOf, type ServiceResult } from './request.ts'

/**
 * Proves that every service runs what its record says now, or brings it back to that: after infrastructure was changed, or failed to
 * be. What the plan would bring has no part in it, nothing new is recorded, and a hold does not stop it, since it moves nothing on.
 * A service that was never delivered is left to its first deployment.
 */
export const prove = async (delivery: Delivery, plan: DeploymentPlan): Promise<Conclusion> => {
  const { job, limits, tools, onStarted, signal, records } = delivery
  await delivery.session.guard()
  const { services, left } = await recordedServices(records, plan)
  const notes = left.map((reason) => `Left alone: ${reason}.`)
  for (const reason of left) tools.log.info(`left alone: ${reason}`)
  if (services.length === 0) return { ...concluded([], [...notes, 'Nothing was delivered yet.']), outcome: 'no-change' }
  const { plan: _, ...rest } = job
  const looked = await lookAtRest({ ...delivery, job: { ...rest, services } }, plan)
  if (looked === undefined) return stoppedWaiting(signal)
  const { inspected, images } = looked
  // One that was delivered stands at 0 only where somebody, or a change of infrastructure that was taken back, has put it there.
  const awake = inspected.filter(({ request, running }) => running.count > 0 || request.initialCount !== undefined)
  refuseUnfit(awake, images)
  const options = { ...limits, onFailure: 'keep' as const }
  const proven = await deployRelease(awake, options, { ...tools, aliases: aliasesOf(images), onStarted }, signal)
  const results = inspected.map((service) => proven[awake.indexOf(service)] ?? asleep(service))
  return concluded(results, [...notes, ...moved(inspected, results)])
}

/** The services of a plan that were delivered before, each with the image of its record; and why others are left alone. */
const recordedServices = async (
  records: Records,
  { project, environment, services }: DeploymentPlan,
): Promise<{ services: JobService[]; left: string[] }> => {
  const names = recordNames(project, environment)
  const [values, history] = await Promise.all([
    records.read(services.map(({ name }) => names.image(name))),
    records.history(names.release),
  ])
  const releases = releaseHistory(
    history.map((value) => ({ at: 0, value })),
    names.release,
  ).map(({ release }) => release)
  const found = services.map((service) => {
    const image = values.get(names.image(service.name))
    if (image === undefined) return `${service.name} has no image on record`
    if (parseImage(image)?.digest === undefined) {
      throw new Error(`the parameter ${names.image(service.name)} holds no image with a digest; restore an earlier version of it`)
    }
    if (!releases.some((release) => Object.hasOwn(release.services, service.name)))
      return `${service.name} was never delivered, so that there is nothing to go back to`
    return recordedService(service, image, tagOf(image, releases))
  })
  const chosen = found.filter((each) => typeof each !== 'string')
  const isChosen = (name: string): boolean => chosen.some((service) => service.name === name)
  return {
    services: chosen.map((service) => ({ ...service, dependsOn: service.dependsOn.filter(isChosen) })),
    left: found.filter((each) => typeof each === 'string'),
  }
}

/** By which content tag the image was delivered. */
const tagOf = (image: string, releases: readonly Release[]): string | undefined => {
  const digest = parseImage(image)?.digest
  const delivered = releases.flatMap(({ images }) => Object.values(images))
  return delivered.findLast((each) => each.digest === digest)?.tag
}

const asleep = (service: Inspected): ServiceResult =>
  resultOf(service, 'no-change', { reason: 'it asks for 0 tasks, so that nothing can be proven' })

const moved = (inspected: readonly Inspected[], results: readonly ServiceResult[]): string[] =>
  results.flatMap(({ service, outcome }, index) => {
    if (outcome !== 'succeeded') return []
    const wasAsleep = inspected[index]?.running.count === 0
    return [
      `${service} ${wasAsleep ? 'stood at 0 tasks, and was started again with the recorded image' : 'ran another image than the recorded one, and was brought back to that'}.`,
    ]
  })
