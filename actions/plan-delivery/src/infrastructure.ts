import { account } from '../../../lib/delivery/gates/account.ts'
import { notHeld } from '../../../lib/delivery/gates/hold.ts'
import { wantedImages } from '../../../lib/delivery/images.ts'
import { composePlan, type Decision, nextOf } from './decision.ts'
import { wayTo } from './places.ts'
import type { Ports } from './ports.ts'
import { readLedgers } from './recorded.ts'
import type { Asked } from './request.ts'
import { plannedServices } from './services.ts'

/**
 * Plans that infrastructure is brought to what the branch says, and every service proven to run what is recorded. It names the
 * images of the commit, and asks nothing about them: none of them is brought.
 */
export const planInfrastructure = async (asked: Asked, ports: Ports): Promise<Decision> => {
  const { configuration, environment, commit } = asked
  const [{ checks, own, warnings }, images] = await Promise.all([
    readLedgers(configuration, environment, 'own', ports),
    wantedImages(configuration, ports.source),
  ])
  const kind = wayTo(configuration, environment) === undefined ? 'first' : 'promotion'
  const services = plannedServices(configuration, environment)
  const plan = composePlan(configuration, environment, { kind, commit, images, services })
  const accounts = account(checks)
  const gates = accounts.result === 'fail' ? [accounts] : [accounts, notHeld(kind, plan, own.hold)]
  return { plan, images: [], gates, infra: true, seed: false, next: nextOf(configuration, environment), warnings }
}
