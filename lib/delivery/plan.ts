import { z } from 'zod'
import { freeze, window } from './schema/environment.ts'

const planned = {
  /** Name of the service in `delivery.json`. */
  name: z.string(),
  /** Name of its image in `release.images`. */
  image: z.string(),
  /** Stack of infrastructure that makes the service; absent where it exists already. */
  stack: z.string().optional(),
  /** Services of this plan that must be proven before this one starts. */
  dependsOn: z.array(z.string()),
  /** Run once, and to the end, before anything is deployed. Must be idempotent: a killed run runs it again. */
  preDeploy: z.array(z.string()).optional(),
  /** Where the service is reached from outside; shown with its GitHub Deployment. */
  url: z.string().optional(),
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
  /** All of them get the image, together or not at all. */
  functions: z
    .array(
      z.strictObject({
        name: z.string(),
        /** What infrastructure has the function run; looked at, never set, by a deployment. */
        command: z.array(z.string()).optional(),
        /** Asked of the new version before it gets traffic: `version`, or an event that it must take without an error. */
        smoke: z.union([z.literal('version'), z.record(z.string(), z.json())]).optional(),
      }),
    )
    .min(1),
  alias: z.string(),
  /** Share of the traffic that the new version gets, and for how long, milliseconds, before the next step; then all of it. */
  traffic: z.array(z.strictObject({ percent: z.int().min(1).max(99), for: z.int().min(0) })).optional(),
  /** CloudWatch alarms that send the traffic back when they go off during the steps. */
  alarms: z.array(z.string()).optional(),
})

const ec2 = z.strictObject({
  ...planned,
  target: z.literal('ec2'),
  /** Tag of the hosts. */
  tag: z.strictObject({ key: z.string(), value: z.string() }),
  /** SSM document that carries the on-host program. */
  document: z.string(),
  /** How the hosts call the service: its file in the folder of the program is named so. */
  service: z.string(),
  /** Hosts that are switched side by side once the first one is proven. */
  batch: z.int().min(1).max(50).optional(),
})

const image = z.strictObject({
  /** `ACCOUNT.dkr.ecr.REGION.amazonaws.com/PROJECT/NAME`, without tag or digest. */
  repository: z.string(),
  /** The content tag, `src-…`. */
  tag: z.string(),
  /** `sha256:…`; absent until the image is built or found. */
  digest: z.string().optional(),
})

/** What a plan does, see `deploymentPlan`. */
export const KINDS = ['first', 'promotion', 'hotfix', 'rollback', 'hold', 'resume'] as const
export type Kind = (typeof KINDS)[number]

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
  /** Branch whose pushes are delivered to the environment. */
  branch: z.string(),
  /**
   * `first`: images are built here. `promotion`: they were verified in the environment named by `from`. `hotfix`: images
   * are built here and pass the gate of `from`. `rollback`: a release that stood here before comes back, and the one that
   * it replaces is rejected. `hold` and `resume` deploy nothing: they set and clear the hold.
   */
  kind: z.enum(KINDS),
  from: z.string().optional(),
  /** Why a person asked for it: with a hotfix, a rollback and a hold. */
  reason: z.string().optional(),
  /** With a rollback: id of the release that is left and never comes back. */
  rejects: z.string().optional(),
  /** Asked once more under the lease, because time has passed since: when promotions may start. */
  window: window.optional(),
  freeze: z.array(freeze).optional(),
  /** SSM SecureString with the address of a Slack webhook that hears of failures. */
  slack: z.string().optional(),
  /** Recorded with the release, see `Confirmed`. Absent where nothing is known of what stands. */
  infrastructure: z.strictObject({ commit: z.string(), since: z.string() }).optional(),
  release: z.strictObject({ commit: z.string(), images: z.record(z.string(), image) }),
  /** Every service of the environment; one comes after all that it depends on. */
  services: z.array(z.discriminatedUnion('target', [ecs, lambda, ec2])),
})

export type DeploymentPlan = z.infer<typeof deploymentPlan>
export type PlannedService = DeploymentPlan['services'][number]
export type PlannedImage = z.infer<typeof image>
