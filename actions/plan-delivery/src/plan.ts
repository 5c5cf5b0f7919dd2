import { parseConfiguration } from '../../../lib/delivery/parse.ts'
import type { Decision } from './decision.ts'
import { chooseEnvironment } from './environment.ts'
import { planHold } from './hold.ts'
import { planInfrastructure } from './infrastructure.ts'
import type { Ports } from './ports.ts'
import { planPromotion } from './promote.ts'
import { planPullRequest } from './pull-request.ts'
import type { Request } from './request.ts'
import { planRollback } from './rollback.ts'
import { planTree } from './tree.ts'

/**
 * Event, branch, delivery.json and what is recorded → what this run brings to which environment. Rejects with a `Refusal`
 * where there is nothing to decide about; a gate that says no is part of the decision.
 */
export const planDelivery = async (request: Request, ports: Ports): Promise<Decision> => {
  const configuration = parseConfiguration(await ports.source.file(request.config), request.config)
  const asked = { ...request, configuration, environment: chooseEnvironment(request, configuration) }
  if (request.pull !== undefined) return planPullRequest({ ...asked, pull: request.pull }, ports)
  switch (request.operation) {
    case 'deliver':
    case 'hotfix':
      return planTree(asked, ports)
    case 'promote':
      return planPromotion(asked, ports)
    case 'rollback':
      return planRollback(asked, ports)
    case 'infra':
      return planInfrastructure(asked, ports)
    case 'hold':
    case 'resume':
      return planHold({ ...asked, operation: request.operation }, ports)
  }
}
