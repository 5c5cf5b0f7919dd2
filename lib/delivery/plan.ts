import { z } from 'zod'

const planned = {
  /** Name of the service in `delivery.json`. */
  name: z.string(),
  /** Name of its image in `release.images`. */
  image: z.string(),
  /** Services of this plan that must be proven before this one starts. */
  dependsOn: z.array(z.string()),
  /** Run once, and to the end, before anything is deployed. Must be idempotent: a killed run runs it again. */
  preDeploy: z.array(z.string()).optional(),
  /** Address that answers with the content tag in the field `version`: `/version` of the service's `url`. */
  smokeUrl: z.string().optional(),
}

const ecs = z.strictObject({
  ...planned,
  target: z.literal('ecs'),
  cluster: z.string(),
  service: z.string(),
  /** The container of the task definition that gets the image. */
  container: z.string(),
  /** CloudWatch alarms that roll a deployment back when they go off during it; the service is given exactly these. */
  alarms: z.array(z.string()).optional(),
  /** Tasks to start where the service was created with none; afterwards the count belongs to the service. */
  count: z.int().min(0),
})

const lambda = z.strictObject({
  ...planned,
  target: z.literal('lambda'),
  functions: z.array(z.strictObject({ name: z.string(), command: z.array(z.string()).optional() })),
  alias: z.string(),
})

const ec2 = z.strictObject({
  ...planned,
  target: z.literal('ec2'),
  tag: z.strictObject({ key: z.string(), value: z.string() }),
})

const image = z.strictObject({
  /** `ACCOUNT.dkr.ecr.REGION.amazonaws.com/PROJECT/NAME`, without tag or digest. */
  repository: z.string(),
  /** The content tag, `src-…`. */
  tag: z.string(),
  /** `sha256:…`; absent until the image is built or found. */
  digest: z.string().optional(),
})

/**
 * What one run brings to one environment, decided before anything changes. `plan-delivery` makes it, `deploy-service`
 * carries it out and reads nothing else: no `delivery.json`.
 */
export const deploymentPlan = z.strictObject({
  version: z.literal(1),
  project: z.string(),
  environment: z.string(),
  account: z.string(),
  region: z.string(),
  /** ARN of the role that deploys to this environment. */
  role: z.string(),
  /** `first`: images are built here. `promotion`: they were verified in the environment named by `from`. */
  kind: z.enum(['first', 'promotion']),
  from: z.string().optional(),
  release: z.strictObject({ commit: z.string(), images: z.record(z.string(), image) }),
  /** Every service of the environment; one comes after all that it depends on. */
  services: z.array(z.discriminatedUnion('target', [ecs, lambda, ec2])),
})

export type DeploymentPlan = z.infer<typeof deploymentPlan>
export type PlannedService = DeploymentPlan['services'][number]
export type PlannedImage = z.infer<typeof image>
