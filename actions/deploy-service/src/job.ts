import type { DeploymentPlan, PlannedImage, PlannedService } from '../../../lib/delivery/plan.ts'
import { pinned } from '../../../lib/image.ts'
import { Refusal } from '../../../lib/refusal.ts'
import { byTag } from './images.ts'
import type { PlanInputs, ServiceInputs } from './inputs.ts'
import type { Smoke } from './smoke.ts'

/** One service to deploy, wherever the wish came from: plain inputs or a plan. */
export type JobService = {
  name: string
  /** `alarms`: CloudWatch alarms that are to roll the deployment back; without them the service keeps what it has. */
  target: { kind: 'ecs'; cluster: string; service: string; alarms?: readonly string[] }
  /** Container (empty: the only one) and image; the digest is still to be resolved where the image has only a tag. */
  images: readonly { container: string; image: string }[]
  dependsOn: readonly string[]
  preDeploy?: readonly string[]
  initialCount?: number
  allowZero: boolean
  smoke?: Smoke
}

/** Everything this run was asked to do, in one form. */
export type Job = {
  title: string
  account: string
  region: string
  role: string | undefined
  services: readonly JobService[]
  onFailure: 'rollback-release' | 'keep'
  /** Where the release is recorded; a single service by hand keeps no record. */
  plan?: DeploymentPlan
}

export const jobOfService = (inputs: ServiceInputs): Job => ({
  title: `Deploy ${inputs.service}`,
  account: inputs.account,
  region: inputs.region,
  role: inputs.role,
  onFailure: 'rollback-release',
  services: [
    {
      name: inputs.service,
      target: { kind: inputs.target, cluster: inputs.cluster, service: inputs.service },
      images: Object.entries(inputs.images).map(([container, image]) => ({ container, image })),
      dependsOn: [],
      allowZero: inputs.allowZero,
      ...(inputs.preDeploy && { preDeploy: inputs.preDeploy }),
      ...(inputs.initialCount !== undefined && { initialCount: inputs.initialCount }),
      ...(inputs.smokeUrl !== undefined && {
        smoke: { url: inputs.smokeUrl, ...(inputs.smokeVersion !== undefined && { version: inputs.smokeVersion }) },
      }),
    },
  ],
})

/** `given` is JSON from outside: it is checked as a whole, so that a cut or edited plan starts nothing. */
export const jobOfPlan = async ({ plan: given, digests, credentials, onFailure }: PlanInputs): Promise<Job> => {
  const { deploymentPlan } = await import('../../../lib/delivery/plan.ts')
  const parsed = deploymentPlan.safeParse(given)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new Error(`input 'plan' is not a plan of plan-delivery: ${issue?.path.join('.') || 'the whole'}: ${issue?.message}`)
  }
  const plan = withDigests(parsed.data, digests)
  return {
    title: titleOf(plan),
    account: plan.account,
    region: plan.region,
    role: credentials === 'oidc' ? plan.role : undefined,
    onFailure,
    plan,
    services: plan.services.map((service) => serviceOf(service, plan)),
  }
}

const titleOf = ({ kind, project, environment }: DeploymentPlan): string => {
  const place = `${project} in ${environment}`
  if (kind === 'rollback') return `Roll back ${place}`
  if (kind === 'hold' || kind === 'resume') return `${kind === 'hold' ? 'Hold' : 'Resume'} ${place}`
  return `${kind === 'hotfix' ? 'Hotfix' : 'Deploy'} ${project} to ${environment}`
}

/**
 * Digests that were unknown when the plan was made may come from the build; those that still are unknown then are looked
 * up by content tag. One that the plan knows may not be changed.
 */
const withDigests = (plan: DeploymentPlan, digests: Record<string, string>): DeploymentPlan => {
  const unknown = Object.keys(digests).filter((name) => !(name in plan.release.images))
  if (unknown.length > 0) {
    throw new Error(
      `input 'digests' names images that are not in the plan: ${unknown.join(', ')}; the plan has ${Object.keys(plan.release.images).join(', ')}`,
    )
  }
  const images = Object.entries(plan.release.images).map(([name, image]) => {
    const digest = image.digest ?? digests[name]
    if (digests[name] !== undefined && digests[name] !== digest) {
      throw new Error(`input 'digests' gives ${digests[name]} for '${name}', but the plan was made for ${digest}`)
    }
    return [name, { ...image, ...(digest !== undefined && { digest }) }]
  })
  return { ...plan, release: { ...plan.release, images: Object.fromEntries(images) } }
}

const serviceOf = (service: PlannedService, plan: DeploymentPlan): JobService => {
  if (service.target !== 'ecs') {
    throw new Refusal(
      `the service '${service.name}' runs on ${service.target}; this version deploys to ecs only. Nothing was changed`,
    )
  }
  const image = plan.release.images[service.image] as PlannedImage
  return {
    name: service.name,
    target: {
      kind: 'ecs',
      cluster: service.cluster,
      service: service.service,
      ...(service.alarms && { alarms: service.alarms }),
    },
    images: [
      { container: service.container, image: image.digest === undefined ? byTag(image) : pinned(image.repository, image.digest) },
    ],
    dependsOn: service.dependsOn,
    allowZero: false,
    ...(service.count > 0 && { initialCount: service.count }),
    // The command of an older image knows nothing of what a newer one has done to the schema.
    ...(service.preDeploy && plan.kind !== 'rollback' && { preDeploy: service.preDeploy }),
    ...(service.smokeUrl !== undefined && { smoke: { url: service.smokeUrl, version: image.tag } }),
  }
}
