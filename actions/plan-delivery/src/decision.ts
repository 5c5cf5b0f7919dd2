import type { Configuration } from '../../../lib/delivery/configuration.ts'
import type { Gate } from '../../../lib/delivery/gates/gate.ts'
import type { WantedImage } from '../../../lib/delivery/images.ts'
import { repositoryUri, roleArn, roleName } from '../../../lib/delivery/names.ts'
import type { DeploymentPlan, Kind, PlannedService } from '../../../lib/delivery/plan.ts'
import { downstreamOf, placeOf } from './places.ts'

/** The plan, and the gates that were asked on the way. It may be carried out only where every gate passed. */
export type Decision = {
  plan: DeploymentPlan
  images: WantedImage[]
  gates: Gate[]
  /** Whether infrastructure or configuration differ from what stands there, as far as is known. */
  infra: boolean
  /** Whether a service of our infrastructure has no image on record yet, without which it cannot be made. */
  seed: boolean
  /** Environment that promotes from this one. */
  next: string | undefined
  warnings: string[]
  /** A pull request: nothing may be carried out. */
  isTrial?: true
}

type Content = {
  kind: Kind
  commit: string
  images: readonly WantedImage[]
  services: PlannedService[]
  reason?: string | undefined
  rejects?: string | undefined
  /** See `DeploymentPlan`. */
  infrastructure?: DeploymentPlan['infrastructure']
}

export const composePlan = (configuration: Configuration, environment: string, content: Content): DeploymentPlan => {
  const { project, registry } = configuration
  const place = placeOf(configuration, environment)
  const { account, region, branch, promotesFrom, window, freeze, slack } = place
  const { kind, commit, images, services, reason, rejects, infrastructure } = content
  const isTimed = kind === 'first' || kind === 'promotion'
  const comesFrom = kind === 'promotion' || kind === 'hotfix'
  return {
    version: 1,
    project,
    environment,
    account,
    region,
    role: roleArn(place, roleName(project, environment, 'deploy')),
    branch,
    kind,
    ...(comesFrom && promotesFrom !== undefined && { from: promotesFrom }),
    ...(reason !== undefined && { reason }),
    ...(rejects !== undefined && { rejects }),
    ...(isTimed && window && { window }),
    ...(isTimed && freeze && { freeze }),
    ...(slack !== undefined && { slack }),
    ...(infrastructure && { infrastructure }),
    release: {
      commit,
      images: Object.fromEntries(
        images.map(({ name, tag, digest }) => [
          name,
          { repository: repositoryUri(registry, project, name), tag, ...(digest && { digest }) },
        ]),
      ),
    },
    services,
  }
}

export const nextOf = (configuration: Configuration, environment: string): string | undefined =>
  downstreamOf(configuration, environment)[0]
