import { account } from '../../../lib/delivery/gates/account.ts'
import { hotfixCommand } from '../../../lib/delivery/gates/bring-back.ts'
import { digestExists } from '../../../lib/delivery/gates/digest-exists.ts'
import type { Gate } from '../../../lib/delivery/gates/gate.ts'
import { notHeld } from '../../../lib/delivery/gates/hold.ts'
import { hotfixAllowed } from '../../../lib/delivery/gates/hotfix.ts'
import { type WantedImage, wantedImages } from '../../../lib/delivery/images.ts'
import type { DeploymentPlan, PlannedService } from '../../../lib/delivery/plan.ts'
import type { Release } from '../../../lib/delivery/records.ts'
import { isSeeded } from '../../../lib/delivery/services.ts'
import { askGitHub } from './ask-github.ts'
import { composePlan, type Decision, nextOf } from './decision.ts'
import { type Compared, comparedInfrastructure, confirmedBy } from './infra.ts'
import { wayTo } from './places.ts'
import type { Ports } from './ports.ts'
import { type Recorded, readLedgers, readRegistry } from './recorded.ts'
import type { Asked } from './request.ts'
import { plannedServices } from './services.ts'
import { recordGate, rejectedGate, timeGates, upstreamGate } from './upstream.ts'

/** Plans what the trees of the commit are: built where images enter and in a hotfix, found in a promotion. */
export const planTree = async (asked: Asked, ports: Ports): Promise<Decision> => {
  const { configuration, environment, commit, operation, reason } = asked
  const way = wayTo(configuration, environment)
  const kind = operation === 'hotfix' ? 'hotfix' : way === undefined ? 'first' : 'promotion'
  const services = plannedServices(configuration, environment)
  const isAlone = kind === 'hotfix' || asked.imagesAlone === true
  const compose = (images: WantedImage[], infrastructure?: DeploymentPlan['infrastructure']): DeploymentPlan =>
    composePlan(configuration, environment, {
      ...{ kind, commit, images, services, infrastructure },
      ...(kind === 'hotfix' && { reason }),
    })
  const wanted = await wantedImages(configuration, ports.source)
  const decide = (images: WantedImage[], gates: Gate[], more: Partial<Decision> = {}): Decision => {
    const next = nextOf(configuration, environment)
    return { plan: compose(images), images, gates, infra: true, seed: false, next, warnings: [], ...more }
  }

  const hotfix = kind === 'hotfix' ? [hotfixAllowed(environment, configuration.environments, reason)] : []
  if (hotfix.some(({ result }) => result === 'fail')) return decide(wanted, hotfix)
  const told =
    kind === 'promotion' && way !== undefined ? await askGitHub(ports, way, wanted, services) : { gates: [], warnings: [] }
  if (told.gates.some(({ result }) => result === 'fail')) return decide(wanted, told.gates, { warnings: told.warnings })

  const [found, recorded] = await Promise.all([
    readRegistry(configuration, wanted, ports),
    readLedgers(configuration, environment, 'all', ports),
  ])
  const compared = await comparedInfrastructure(asked, recorded.own, ports)
  const plan = compose(found.images, confirmedBy({ commit, isSure: !isAlone || compared === 'same' }, recorded.own))
  const gates = askGates(asked, plan, { ...recorded, ...found, checks: [found.check, ...recorded.checks] }, ports.now())
  const seed = !isAlone && (recorded.own.missing.length > 0 || services.some(isNew(recorded.own.release)))
  return decide(found.images, [...hotfix, ...told.gates, ...gates], {
    plan,
    infra: seed || compared !== 'same',
    seed,
    warnings: [...told.warnings, ...recorded.warnings, ...(isAlone ? imagesAlone(compared, plan) : [])],
  })
}

/** Never delivered: the image that was recorded for it first may be gone from the registry by now. */
const isNew =
  (release: Release | undefined) =>
  (service: PlannedService): boolean =>
    isSeeded(service) && !Object.hasOwn(release?.services ?? {}, service.name)

/** A hotfix waits for no infrastructure, and by hand none is brought. The next delivery brings it. */
const imagesAlone = (compared: Compared, { environment, branch }: DeploymentPlan): string[] =>
  compared === 'other'
    ? [
        `infrastructure or configuration on ${branch} are not deployed to ${environment}, and this brings images alone; bring them before or afterwards: gh workflow run infra.yml --ref ${branch}`,
      ]
    : []

/** A wrong account makes every other answer worthless, so it is the only one then. */
const askGates = (
  { configuration, environment }: Asked,
  plan: DeploymentPlan,
  recorded: Recorded & { images: WantedImage[] },
  now: number,
): Gate[] => {
  const accounts = account(recorded.checks)
  if (accounts.result === 'fail') return [accounts]
  const common = [
    accounts,
    recordGate(plan, recorded.rejections),
    notHeld(plan.kind, plan, recorded.own.hold),
    ...rejectedGate(configuration, plan, recorded.rejections),
  ]
  const way = wayTo(configuration, environment)
  if (way === undefined) return [...common, ...timeGates(configuration, plan, recorded.own, undefined, now)]
  if (plan.kind === 'hotfix') return common
  const exists = digestExists(recorded.images, way.branches)
  if (exists.result === 'fail') return [...common, exists]
  const hotfix = way.branches.isLast ? hotfixCommand(way.branches.own) : undefined
  const verified = upstreamGate({ ...way.upstream, hotfix }, plan, recorded.upstream)
  return [...common, exists, verified, ...timeGates(configuration, plan, recorded.own, verified.verifiedAt, now)]
}
