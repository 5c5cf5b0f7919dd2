import { account } from '../../../lib/delivery/gates/account.ts'
import { notHeld } from '../../../lib/delivery/gates/hold.ts'
import { composePlan, type Decision, nextOf } from './decision.ts'
import type { Ports } from './ports.ts'
import { readLedgers } from './recorded.ts'
import type { Asked } from './request.ts'

/** Plans that the hold of an environment is set or cleared; nothing is deployed. */
export const planHold = async (asked: Asked & { operation: 'hold' | 'resume' }, ports: Ports): Promise<Decision> => {
  const { configuration, environment, commit, operation, reason } = asked
  const { checks, own, warnings } = await readLedgers(configuration, environment, 'own', ports)
  const content = { kind: operation, commit, images: [], services: [], ...(operation === 'hold' && { reason }) }
  const plan = composePlan(configuration, environment, content)
  const accounts = account(checks)
  const gates = accounts.result === 'fail' ? [accounts] : [accounts, notHeld(operation, plan, own.hold)]
  return { plan, images: [], gates, infra: false, seed: false, next: nextOf(configuration, environment), warnings }
}
