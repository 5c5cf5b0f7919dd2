/** What a role is for; the last word of its name. */
export const PURPOSES = ['build', 'deploy', 'prepare', 'infra', 'read', 'budget'] as const
export type Purpose = (typeof PURPOSES)[number]

/** Word in the place of the environment for what belongs to the registry's account. No environment may be called so. */
export const REGISTRY = 'registry'

/** Lambda alias that gets the traffic. */
export const ALIAS = 'live'

/** Key of the tag that everything of an environment carries; active as a cost-allocation tag, it tells their costs apart. */
export const COST_TAG = 'slipway:environment'

/** Key of the tag that everything of a project carries. */
export const PROJECT_TAG = 'slipway:project'

/** Key of the tag that the hosts of an EC2 service carry. */
export const HOST_TAG = 'slipway:service'

type Partition = { name: string; suffix: string }

/** Partition of a region: the second word of its ARNs, and the end of its host names. */
export const partition = (region: string): Partition => {
  if (region.startsWith('cn-')) return { name: 'aws-cn', suffix: 'amazonaws.com.cn' }
  if (region.startsWith('us-gov-')) return { name: 'aws-us-gov', suffix: 'amazonaws.com' }
  if (region.startsWith('eusc-')) return { name: 'aws-eusc', suffix: 'amazonaws.eu' }
  return { name: 'aws', suffix: 'amazonaws.com' }
}

type Place = { account: string; region: string }

export const roleName = (project: string, environment: string, purpose: Purpose): string => `${project}-${environment}-${purpose}`

export const roleArn = ({ account, region }: Place, name: string): string =>
  `arn:${partition(region).name}:iam::${account}:role/${name}`

export const oidcProviderArn = ({ account, region }: Place, issuer: string): string =>
  `arn:${partition(region).name}:iam::${account}:oidc-provider/${issuer}`

export const registryHost = ({ account, region }: Place): string => `${account}.dkr.ecr.${region}.${partition(region).suffix}`

/** Name of an image's repository in the registry, without the host. */
export const repositoryName = (project: string, image: string): string => `${project}/${image}`

/** `ACCOUNT.dkr.ecr.REGION.amazonaws.com/PROJECT/IMAGE`, without tag or digest. */
export const repositoryUri = (registry: Place, project: string, image: string): string =>
  `${registryHost(registry)}/${repositoryName(project, image)}`

/** GitHub environment that the jobs of a purpose name; jobs that read or prepare name none: nobody has to approve them. */
export const jobEnvironment = (environment: string, purpose: Exclude<Purpose, 'read' | 'prepare'>): string =>
  ({ build: 'build', deploy: environment, infra: `${environment}-infra`, budget: 'budget' })[purpose]

/** What belongs to an environment as a whole. Names of its records: `recordNames`. */
export const environmentNames = (project: string, environment: string) => ({
  cluster: `${project}-${environment}`,
  loadBalancer: `${project}-${environment}`,
  /** SSM document that switches the hosts of an EC2 service. */
  document: `${project}-${environment}-deploy`,
})

/** Stack of an environment, or of `registry`: `network`, `cluster`, `service-NAME`, `budgets`, `identity`, `images`. */
export const stackName = (project: string, place: string, content: string): string => `${project}-${place}-${content}`

/**
 * Contents of the stacks of an environment that the pipeline brings; `*` stands for a name of `delivery.json`. Whoever may reach
 * all that begins as an environment does would also reach those of a project that is called so.
 */
export const STACK_CONTENTS = ['network', 'cluster', 'hosts', 'budgets', 'service-*'] as const

/** Whether that is the name of a stack of the environment that the pipeline brings. */
export const isPipelineStack = (project: string, environment: string, name: string): boolean =>
  STACK_CONTENTS.some((content) => {
    const [start = '', end] = stackName(project, environment, content).split('*')
    return end === undefined ? name === start : name.startsWith(start) && name.length > start.length
  })

/** Stack with GitHub's OIDC provider, of which an account has only one. */
export const providerStackName = (project: string, account: string): string => `${project}-oidc-${account}`

/** What infrastructure needs beside the services, for an environment or for `registry`. */
export const infrastructureNames = (project: string, place: string) => ({
  /** Managed policy: the most that a role of GitHub's jobs may do in the place. */
  boundary: `${project}-${place}-boundary`,
  /** Managed policy: the most that a role may do that a stack of the place makes. */
  serviceBoundary: `${project}-${place}-service-boundary`,
  /** Managed policy of the role with which CloudFormation works. */
  execution: `${project}-${place}-execution`,
  /** Role with which CloudFormation works, and nobody else. */
  cloudFormation: `${project}-${place}-cloudformation`,
  network: `${project}-${place}`,
  /** `infra` is reserved, so that no service has its log group there. */
  flowLogs: `/${project}/${place}/infra/flow-logs`,
  flowLogRole: `${project}-${place}-flow-logs`,
})

/** What belongs to the budgets of an environment. Names of the budgets themselves: `budgetsOf`. */
export const budgetNames = (project: string, environment: string) => ({
  topic: `${project}-${environment}-budgets`,
  keyAlias: `alias/${project}-${environment}-budgets`,
  /** Function that tells Slack, its role, and the queue of what could not be told. */
  slack: `${project}-${environment}-budgets-slack`,
  slackLogs: `/${project}/${environment}/infra/budgets-slack`,
})

/** What the services on ECS of an environment share, beside the cluster and the load balancer of `environmentNames`. */
export const clusterNames = (project: string, environment: string, account: string) => ({
  /** What is typed in shells of tasks. `infra` is reserved, so that no service has its log group there. */
  shellLogs: `/${project}/${environment}/infra/shell`,
  /** Bucket of the load balancer's record of requests; with the account, as all accounts share one namespace. */
  accessLogs: `${project}-${environment}-access-logs-${account}`,
  /** Container instances: their group, role and profile. */
  instances: `${project}-${environment}-instances`,
  capacityProvider: `${project}-${environment}`,
})

/**
 * What belongs to one service in one environment, where `names` of the service says nothing else. Each name has its
 * length limit in `derived.ts`.
 */
export const serviceNames = (project: string, environment: string, service: string) => {
  const full = `${project}-${environment}-${service}`
  return {
    /** ECS service; its cluster tells projects and environments apart. */
    service,
    container: service,
    family: full,
    targetGroup: full,
    logGroup: `/${project}/${environment}/${service}`,
    taskRole: `${full}-task`,
    /** Pulls the image, writes the logs and reads the secrets before the container starts. */
    executionRole: `${full}-execution`,
    /** The function that is named as its service has no name of its own. */
    function: (name: string): string => (name === service ? full : `${full}-${name}`),
    functionRole: `${full}-function`,
    /** By which an API and a schedule invoke the alias of a function, and nothing else. */
    invokeRole: `${full}-invoke`,
    /** Queue of the events that a function could not take, and of the scheduled commands that failed. */
    deadLetters: `${full}-dead-letters`,
    scheduleGroup: full,
    schedule: (key: string): string => `${full}-${key}`,
    /** State machine that runs the scheduled commands of a service on ECS. */
    stateMachine: full,
    /** Role of that state machine. */
    schedulesRole: `${full}-schedules`,
    schedulesLog: `/${project}/${environment}/${service}/schedules`,
    api: full,
    accessLog: `/${project}/${environment}/${service}/access`,
    /** Secret of Secrets Manager: a JSON object whose keys are the `secrets` of the service. */
    secret: `${project}/${environment}/${service}`,
    /** Value of `HOST_TAG`. */
    hosts: full,
    hostRole: `${full}-host`,
  }
}
