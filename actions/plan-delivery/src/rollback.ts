import { account } from '../../../lib/delivery/gates/account.ts'
import { digestKept } from '../../../lib/delivery/gates/digest-exists.ts'
import type { Gate } from '../../../lib/delivery/gates/gate.ts'
import { notHeld } from '../../../lib/delivery/gates/hold.ts'
import { notRejected } from '../../../lib/delivery/gates/rejected.ts'
import type { WantedImage } from '../../../lib/delivery/images.ts'
import type { PlannedService } from '../../../lib/delivery/plan.ts'
import type { Confirmed, Release } from '../../../lib/delivery/records.ts'
import { Refusal } from '../../../lib/refusal.ts'
import { comingBack } from './coming-back.ts'
import { composePlan, type Decision, nextOf } from './decision.ts'
import { entryOf, placeOf } from './places.ts'
import type { Ports } from './ports.ts'
import { readLedgers, readRegistry } from './recorded.ts'
import { imagesOf } from './release-images.ts'
import type { Asked } from './request.ts'
import { plannedServices } from './services.ts'
import { recordGate } from './upstream.ts'

/**
 * Plans the way back to a release that stood here: the previous one, or a named one. It asks nothing of time or of GitHub,
 * and needs no answer from any other environment: it must work on a bad day.
 */
export const planRollback = async (asked: Asked, ports: Ports): Promise<Decision> => {
  const { configuration, environment, reason } = asked
  const { branch } = placeOf(configuration, environment)
  const { checks, own, rejections, warnings } = await readLedgers(configuration, environment, 'own-history', ports)
  const next = nextOf(configuration, environment)
  const decide = (content: Back, images: WantedImage[], gates: (plan: Decision['plan']) => Gate[]): Decision => {
    const plan = composePlan(configuration, environment, { kind: 'rollback', reason, images, ...content })
    return { plan, images, gates: gates(plan), infra: false, seed: false, next, warnings }
  }
  const accounts = account(checks)
  if (accounts.result === 'fail') return decide({ commit: asked.commit, services: [] }, [], () => [accounts])

  const { target, rejects } = comingBack(asked, own.history, branch)
  const current = own.history.at(-1)
  const services = bothHave(plannedServices(configuration, environment), target, current)
  if (services.length === 0) {
    throw new Refusal(
      `${target.release} and what stands in ${environment} have no service in common that delivery.json still names; name another release: ${history(own.history)}`,
    )
  }
  const found = await readRegistry(configuration, imagesOf(configuration, target, services), ports, 'digest')
  const back = { commit: target.commit, services, rejects, infrastructure: current?.infrastructure }
  const checked = account([found.check, ...checks])
  if (checked.result === 'fail') return decide(back, found.images, () => [checked])
  return decide(back, found.images, (plan) => [
    checked,
    recordGate(plan, rejections),
    notHeld(plan.kind, plan, own.hold),
    notRejected(target.release, rejections, entryOf(configuration, environment)),
    digestKept(found.images, `name another release: ${history(own.history)}`),
  ])
}

type Back = { commit: string; services: PlannedService[]; rejects?: string | undefined; infrastructure?: Confirmed | undefined }

/** Services that came with a later release stay as they are; ones that are gone do not come back. */
const bothHave = (services: readonly PlannedService[], target: Release, current: Release | undefined): PlannedService[] => {
  const kept = services.filter(({ name }) => Object.hasOwn(target.services, name) && Object.hasOwn(current?.services ?? {}, name))
  const names = new Set(kept.map(({ name }) => name))
  return kept.map((service) => ({
    ...service,
    image: target.services[service.name] ?? service.image,
    dependsOn: service.dependsOn.filter((name) => names.has(name)),
  }))
}

const history = (releases: readonly Release[]): string =>
  [...new Set(releases.map(({ release }) => release))].toReversed().slice(0, 5).join(', ')
