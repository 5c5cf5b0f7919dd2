import type { Configuration } from '../../../lib/delivery/configuration.ts'
import { account } from '../../../lib/delivery/gates/account.ts'
import { digestExists } from '../../../lib/delivery/gates/digest-exists.ts'
import type { Gate } from '../../../lib/delivery/gates/gate.ts'
import { recordSize } from '../../../lib/delivery/gates/record-size.ts'
import { verifiedUpstream } from '../../../lib/delivery/gates/verified-upstream.ts'
import { type WantedImage, wantedImages } from '../../../lib/delivery/images.ts'
import { repositoryUri, roleArn, roleName } from '../../../lib/delivery/names.ts'
import { parseConfiguration } from '../../../lib/delivery/parse.ts'
import type { DeploymentPlan } from '../../../lib/delivery/plan.ts'
import { chooseEnvironment } from './environment.ts'
import type { Ports } from './ports.ts'
import { type Recorded, readAccounts } from './recorded.ts'
import { plannedServices } from './services.ts'

export type Request = { event: string; ref: string; commit: string; config: string; environment: string | undefined }

/** The plan, and the gates that were asked on the way. It may be carried out only where every gate passed. */
export type Decision = { plan: DeploymentPlan; images: WantedImage[]; gates: Gate[] }

/**
 * Event, branch, delivery.json and what is recorded → what this run brings to which environment. Rejects with a `Refusal`
 * where there is nothing to decide about; a gate that says no is part of the decision.
 */
export const planDelivery = async (request: Request, ports: Ports): Promise<Decision> => {
  const configuration = parseConfiguration(await ports.source.file(request.config), request.config)
  const environment = chooseEnvironment(request, configuration)
  const wanted = await wantedImages(configuration, ports.source)
  const recorded = await readAccounts(configuration, environment, wanted, ports)
  const plan = composePlan(configuration, environment, request.commit, recorded.images)
  return { plan, images: recorded.images, gates: askGates(configuration, plan, recorded) }
}

const composePlan = (
  configuration: Configuration,
  environment: string,
  commit: string,
  images: WantedImage[],
): DeploymentPlan => {
  const { project, environments } = configuration
  const place = environments[environment]
  if (place === undefined) throw new Error(`environment ${environment} is not in the configuration`)
  const { account, region, branch, promotesFrom } = place
  return {
    version: 1,
    project,
    environment,
    account,
    region,
    role: roleArn(place, roleName(project, environment, 'deploy')),
    branch,
    ...(promotesFrom === undefined ? { kind: 'first' } : { kind: 'promotion', from: promotesFrom }),
    release: {
      commit,
      images: Object.fromEntries(
        images.map(({ name, tag, digest }) => [
          name,
          { repository: repositoryUri(configuration.registry, project, name), tag, ...(digest && { digest }) },
        ]),
      ),
    },
    services: plannedServices(configuration, environment),
  }
}

/** A wrong account makes every other answer worthless, so it is the only one then. */
const askGates = ({ environments }: Configuration, plan: DeploymentPlan, { checks, images, history }: Recorded): Gate[] => {
  const accounts = account(checks)
  if (accounts.result === 'fail') return [accounts]
  const services = Object.fromEntries(plan.services.map(({ name, image }) => [name, image]))
  const size = recordSize({ images: plan.release.images, services, commit: plan.release.commit })
  const upstream = plan.from === undefined ? undefined : environments[plan.from]
  if (plan.from === undefined || upstream === undefined) return [accounts, size]
  const exists = digestExists(images, {
    upstream: upstream.branch,
    own: environments[plan.environment]?.branch ?? plan.environment,
  })
  if (exists.result === 'fail') return [accounts, size, exists]
  const found = Object.fromEntries(images.map(({ name, tag, digest = '' }) => [name, { tag, digest }]))
  const place = { environment: plan.from, branch: upstream.branch }
  return [accounts, size, exists, verifiedUpstream(place, history, { images: found, services })]
}
