import type { PolicyDocument } from '../identity/permissions/policy.ts'

/**
 * Why a statement has a wildcard in it, by its Sid. A statement of a policy that is not here may have none; whatever else
 * cdk-nag finds fails the synthesis.
 */
const WILDCARDS: Record<string, string> = {
  // Roles of GitHub Actions
  RegistryToken: 'ecr:GetAuthorizationToken knows no narrower resource',
  PushImages: 'every repository of the project',
  FindImages: 'every repository of the project',
  Images: 'every repository of the project',
  ReadRecords: 'the image record of every service of the environment, also of one that is gone by now',
  WriteRecords: 'the image record of every service of the environment, also of one that is gone by now',
  EcsServices: 'every service of the environment’s own cluster',
  EcsDeployments: 'every deployment and revision of these services: AWS gives them their ids',
  EcsRevisions: 'every family of the environment’s services, and every revision of it',
  EcsTagRevisions: 'every family of the environment’s services, and only while a revision is registered',
  EcsReadRevisions: 'ecs:DescribeTaskDefinition knows no narrower resource',
  EcsRun: 'every family of the environment’s services, and every revision of it',
  EcsTasks: 'every task of these clusters: AWS gives them their ids',
  EcsListTasks: 'held to the clusters by a condition, as AWS knows no narrower resource',
  Alarms: 'cloudwatch:DescribeAlarms tells of composite alarms to no narrower resource; they are only looked at',
  EcsPassRoles:
    'the roles of the environment’s services, told from all others by the last word of their name; to ECS tasks alone',
  EcsLogs: 'every stream of the environment’s log groups',
  LambdaFunctions: 'every function of the environment’s services, its versions and aliases',
  LambdaVersions: 'every version of these functions, and not the functions',
  LambdaErrors: 'cloudwatch:GetMetricData knows no narrower resource',
  Ec2Hosts: 'every instance that carries the tag of the service, by a condition',
  Ec2Read: 'the lists of instances and of the answers of Run Command know no narrower resource',
  Budgets: 'every budget of the account: they have names of the user’s choice',
  Costs: 'Cost Explorer knows no resources',
  ServiceStacks: 'the stack of every service of the environment: AWS gives stacks their ids; they are only looked at',
  FindStacks: 'cloudformation:ListStacks knows no narrower resource',
  ReadStacks: 'every stack of the environment: AWS gives stacks their ids',
  MakeChangeSets: 'every stack of the environment, with CloudFormation’s own role alone; the administrator’s are denied',
  DropChangeSets: 'every stack of the environment: AWS gives stacks their ids',
  ExecuteChangeSets: 'every stack of the environment; the administrator’s are denied',
  DeleteFailedCreations: 'every stack of the environment, with CloudFormation’s own role alone; the administrator’s are denied',
  ReadOutputs: 'everything that the stacks of the environment publish',
  // Boundary, which grants nothing by itself
  WhatItsPoliciesSay: 'a boundary allows what the policies of a role say, and denies what none may do',
  // Policies of CloudFormation's role; its boundary denies what carries the tag of another project or environment
  Network: 'the parts of a network have no names, and no tags yet: held to the region, and by the boundary to their tags',
  OwnNetwork: 'the parts of a network have no names: only those with the tags of the environment',
  AddressOfInterfaces: 'interfaces of NAT gateways have no tags: only together with an address of the environment',
  PrivateNames: 'the zones of AWS’s endpoints belong to AWS, and their ids are known after they are used',
  RequestCertificates: 'a certificate has no ARN before it is made: only for names of the environment’s domain',
  RolesBelowTheBoundary: 'every role of the environment’s services, below its boundary',
  Roles: 'every role of the environment’s services; those that deliver, build or read are denied',
  PassTaskRoles: 'the roles of tasks, told by the last word of their name; to ECS tasks alone',
  PassHostRoles: 'the roles of hosts, told by the last word of their name; to EC2 alone',
  PassFunctionRoles: 'the roles of functions, told by the last word of their name; to Lambda alone',
  StateMachines: 'every state machine of the environment',
  PassScheduleRoles: 'the roles of scheduled commands, told by the last word of their name; to Step Functions alone',
  PassInvokeRoles: 'the roles that invoke functions, told by the last word of their name; to API Gateway and schedules alone',
  Logs: 'every log group of the environment',
  FindLogs: 'logs:DescribeLogGroups knows no narrower resource',
  Parameters: 'the published outputs of the environment',
  FindParameters: 'ssm:DescribeParameters knows no narrower resource; it tells names and no values',
  Records: 'the records of the environment and what its stacks publish, to be read',
  OwnAlarms: 'every alarm of the environment',
  FindAlarms: 'cloudwatch:DescribeAlarms tells of composite alarms to no narrower resource',
  Clusters: 'every service of the environment’s own cluster; AWS gives deployments and revisions their ids',
  Revisions: 'every family of the environment’s services, and every revision of it',
  FindRevisions: 'AWS knows no narrower resource for these actions on task definitions',
  Balancers: 'every listener, rule and target group of the environment’s load balancer: AWS gives them their ids',
  FindBalancers: 'elasticloadbalancing:Describe* knows no narrower resource',
  AccessLogs: 'whatever can be read of how the one bucket is set up; nothing of what is in it',
  Scaling: 'AWS gives scalable targets their ids: held to the region, and by the boundary to their tags',
  FindScaling: 'application-autoscaling:Describe* knows no narrower resource',
  ScalingAlarms: 'AWS names the alarms of a service that scales after its cluster',
  LaunchTemplates: 'launch templates and instances have ids of AWS’s: held to the region, and by the boundary to their tags',
  Groups: 'every group of instances of the environment',
  FindGroups: 'autoscaling:Describe* knows no narrower resource',
  Profiles: 'every instance profile of the environment',
  Documents: 'every document of the environment',
  Systems: 'the newest system images that AWS publishes',
  Functions: 'every function of the environment; of its configuration everything can be read',
  FunctionImages: 'every repository of the project, to be read',
  Queues: 'every queue of the environment',
  Apis: 'AWS gives APIs their ids: held to the region, and by the boundary to their tags',
  ApiLogs: 'deliveries of logs know no narrower resource',
  Schedules: 'every schedule of the environment',
  NameChanges: 'AWS gives a change of names its id',
  Certificates: 'AWS gives certificates their ids: by the boundary held to their tags',
  OwnBudgets: 'every budget of the environment',
  Topics: 'every subscription of the one topic: AWS gives them their ids',
  MakeKeys: 'a key has no ARN before it is made: only one with the tags of the environment',
  Keys: 'AWS gives keys their ids: only those with the tags of the environment',
  FindKeyAliases: 'kms:ListAliases knows no narrower resource',
  // Roles of services
  FunctionLogs: 'every stream of the service’s own log group',
  Tracing: 'X-Ray knows no narrower resource',
  SystemsManager: 'the agent on a host knows no narrower resource: it speaks for the host whose role it has',
  Variables: 'every parameter below the path of the service’s variables',
  HostRegistryToken: 'ecr:GetAuthorizationToken knows no narrower resource',
  HostLogs: 'every stream of the log group of the service',
  AddressOfHosts: 'every host that carries the tag of the service, by a condition; with the service’s own address alone',
  WriteSlackLogs: 'every stream of the log group',
  WriteFlowLogs: 'every stream of the log group',
  TaskLogs: 'every stream of the service’s own log group',
  ReadRevisions: 'ecs:DescribeTaskDefinition knows no narrower resource',
  FindRunning: 'held to the cluster by a condition, as AWS knows no narrower resource',
  RunProven: 'every revision of the service’s own family',
  FollowTasks: 'every task of the cluster: AWS gives them their ids',
  TagTasks: 'every task of the cluster, and only while it is started',
  ScheduleLogs: 'deliveries of logs know no narrower resource',
  Shell: 'the channels of ECS Exec have no resources, and logs:DescribeLogGroups knows none narrower',
  ShellLogs: 'every stream of the log group of shells',
  JoinCluster: 'where an agent is to ask is told to no narrower resource',
  ContainerInstances: 'every container instance of the cluster: AWS gives them their ids',
}

/** How the Sid begins of a statement that `permissions` of a service in `delivery.json` is. */
export const GIVEN = 'Given'

export const PUBLIC_ROUTE = {
  id: 'AwsSolutions::AwsSolutions-APIG4',
  reason: 'delivery.json says "http" without an authorizer for this route: it is public',
}

export const UNRECORDED = {
  id: 'AwsSolutions::AwsSolutions-VPC7',
  reason: 'delivery.json says "flowLogs": false for this environment',
}

export const OPEN = {
  id: 'AwsSolutions::AwsSolutions-EC23',
  reason: 'a published service is for everybody, on the ports of the web alone',
}

export const QUIET_GROUP = {
  id: 'AwsSolutions::AwsSolutions-AS3',
  reason: 'nobody waits for a host to come or go: CloudFormation hears of hosts by signals, a deployment looks for them by tag',
}

/** The findings of cdk-nag that are explained, with their reasons, for a policy. */
export const explained = ({ Statement }: PolicyDocument): { id: string; reason: string }[] => {
  const found = new Map<string, Set<string>>()
  for (const statement of Statement.filter(({ Effect }) => Effect === 'Allow')) {
    const reason = statement.Sid.startsWith(GIVEN) ? 'delivery.json gives it to the service' : WILDCARDS[statement.Sid]
    if (reason === undefined) continue
    const resources = 'Resource' in statement ? statement.Resource : []
    for (const id of [...idsOf('Action', statement.Action), ...idsOf('Resource', resources)]) {
      found.set(id, (found.get(id) ?? new Set()).add(reason))
    }
  }
  return [...found].map(([id, reasons]) => ({ id, reason: [...reasons].join('; ') }))
}

const idsOf = (kind: 'Action' | 'Resource', texts: readonly string[]): string[] =>
  texts.filter((text) => text.includes('*')).map((text) => `AwsSolutions::AwsSolutions-IAM5[${kind}::${text}]`)

export const PUBLIC_LOAD_BALANCER = {
  id: 'AwsSolutions::AwsSolutions-EC23',
  reason: 'a load balancer on the internet: 80 and 443 are open, and nothing else is',
}

export const NO_ACCESS_LOG = {
  id: 'AwsSolutions::AwsSolutions-ELB2',
  reason: 'delivery.json keeps no record of requests in this environment: "accessLogs" of its "cluster"',
}

export const LOG_OF_LOGS = {
  id: 'AwsSolutions::AwsSolutions-S1',
  reason: 'the bucket holds a record of requests already, and AWS alone writes to it',
}

export const NO_INSIGHTS = {
  id: 'AwsSolutions::AwsSolutions-ECS4',
  reason: 'delivery.json has no Container Insights in this environment: "insights" of its "cluster"',
}

export const OPEN_VARIABLES = {
  id: 'AwsSolutions::AwsSolutions-ECS2',
  reason: 'the variables are in delivery.json for everyone to read; secrets come from Secrets Manager by reference',
}

export const OWN_PACE = {
  id: 'AwsSolutions::AwsSolutions-AS3',
  reason: 'container instances come and go as ECS needs them for tasks, and it tells of the tasks',
}

export const UNTRACED = {
  id: 'AwsSolutions::AwsSolutions-SF2',
  reason: 'a run calls AWS alone, step by step, and each step is in its history and its log',
}

export const LAST_QUEUE = {
  id: 'AwsSolutions::AwsSolutions-SQS3',
  reason: 'it is where schedules and the runs that they start leave what failed, and people read it',
}
