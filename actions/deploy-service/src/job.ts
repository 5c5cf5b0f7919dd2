import type { DeploymentPlan, PlannedImage, PlannedService } from '../../../lib/delivery/plan.ts'
import { pinned } from '../../../lib/image.ts'
import { byTag } from './images.ts'
import type { Operation, PlanInputs, ServiceInputs } from './inputs.ts'
import { nameOf, type Place, placeOf } from './place.ts'
import type { Smoke } from './smoke.ts'

/** One service to deploy, wherever the wish came from: plain inputs or a plan. */
export type JobService = {
  name: string
  target: Place
  /** Container (empty: the only one) and image; the digest is still to be resolved where the image has only a tag. */
  images: readonly { container: string; image: string }[]
  dependsOn: readonly string[]
  preDeploy?: readonly string[]
  initialCount?: number
  allowZero: boolean
  /** Made by infrastructure to have no tasks: it only runs commands by the clock. */
  commandsAlone?: boolean
  smoke?: Smoke
  /** CloudFormation stack that makes the service, where ours does. */
  stack?: string
}

/** Everything this run was asked to do, in one form. */
export type Job = {
  title: string
  operation: Operation
  account: string
  region: string
  role: string | undefined
  services: readonly JobService[]
  onFailure: 'rollback-release' | 'keep'
  /** Where the release is recorded; a single service by hand keeps no record. */
  plan?: DeploymentPlan
}

export const jobOfService = (inputs: ServiceInputs): Job => ({
  title: `Deploy ${nameOf(inputs.place)}`,
  operation: 'deploy',
  account: inputs.account,
  region: inputs.region,
  role: inputs.role,
  onFailure: 'rollback-release',
  services: [
    {
      name: nameOf(inputs.place),
      target: inputs.place,
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
export const jobOfPlan = async ({ plan: given, operation, digests, credentials, onFailure }: PlanInputs): Promise<Job> => {
  const { deploymentPlan } = await import('../../../lib/delivery/plan.ts')
  const parsed = deploymentPlan.safeParse(given)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new Error(`input 'plan' is not a plan of plan-delivery: ${issue?.path.join('.') || 'the whole'}: ${issue?.message}`)
  }
  const plan = withDigests(parsed.data, digests)
  refuseMismatch(operation, plan)
  return {
    title: titleOf(plan, operation),
    operation,
    account: plan.account,
    region: plan.region,
    role: credentials === 'oidc' ? plan.role : undefined,
    onFailure,
    plan,
    services: plan.services.map((service) => serviceOf(service, plan)),
  }
}

/** A plan of `hold` and `resume` has no services; one of `rollback` brings no service for the first time. */
const refuseMismatch = (operation: Operation, { kind }: DeploymentPlan): void => {
  const isMismatch = kind === 'hold' || kind === 'resume' || (kind === 'rollback' && operation === 'seed')
  if (operation === 'deploy' || !isMismatch) return
  throw new Error(`input 'operation' is '${operation}', which does not go with a plan of kind '${kind}'; remove it`)
}

const titleOf = ({ kind, project, environment }: DeploymentPlan, operation: Operation): string => {
  const place = `${project} in ${environment}`
  if (operation === 'seed') return `Seed the records of ${place}`
  if (operation === 'prove') return `Prove what is recorded of ${place}`
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

/** What stood here before is not tried out in steps again, least of all while alarms ring. */
const atOnce = (place: Place): Place => {
  if (place.kind !== 'lambda') return place
  const { traffic, ...rest } = place
  return rest
}

/**
 * A service that is to run what its record says, an image by its digest: at once, without its pre-deploy command, and also where
 * it stands at 0. `tag`: content tag of that image, where it is known.
 */
export const recordedService = (service: PlannedService, image: string, tag: string | undefined): JobService => ({
  name: service.name,
  target: atOnce(placeOf(service, tag === undefined ? {} : { tag })),
  images: [{ container: service.target === 'ecs' ? service.container : '', image }],
  dependsOn: service.dependsOn,
  allowZero: true,
  ...(service.stack !== undefined && { stack: service.stack }),
  ...('count' in service && service.count > 0 && { initialCount: service.count }),
  ...(service.smokeUrl !== undefined && { smoke: { url: service.smokeUrl, ...(tag !== undefined && { version: tag }) } }),
})

/** `delivery.json` lets only those of ours have none, and only with a pre-deploy command. */
const isWithoutTasks = (service: PlannedService): boolean =>
  'count' in service && service.count === 0 && service.stack !== undefined

const serviceOf = (service: PlannedService, plan: DeploymentPlan): JobService => {
  const image = plan.release.images[service.image] as PlannedImage
  const reference = image.digest === undefined ? byTag(image) : pinned(image.repository, image.digest)
  return {
    name: service.name,
    target: plan.kind === 'rollback' ? atOnce(placeOf(service, image)) : placeOf(service, image),
    images: [{ container: service.target === 'ecs' ? service.container : '', image: reference }],
    dependsOn: service.dependsOn,
    allowZero: isWithoutTasks(service),
    commandsAlone: isWithoutTasks(service),
    ...(service.stack !== undefined && { stack: service.stack }),
    ...('count' in service && service.count > 0 && { initialCount: service.count }),
    // The command of an older image knows nothing of what a newer one has done to the schema.
    ...(service.preDeploy && plan.kind !== 'rollback' && { preDeploy: service.preDeploy }),
    ...(service.smokeUrl !== undefined && { smoke: { url: service.smokeUrl, version: image.tag } }),
  }
}
