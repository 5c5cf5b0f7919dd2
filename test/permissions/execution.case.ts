/** What CloudFormation calls for a resource of a type, besides reading lists: on what, in the example's dev environment. */
export type Needed = { actions: string; on: string; context?: Record<string, string | string[]> }

const place = 'eu-west-1:222222222222'
const here = { 'aws:RequestedRegion': 'eu-west-1' }
const role = (name: string): string => `arn:aws:iam::222222222222:role/${name}`
const bounded = { 'iam:PermissionsBoundary': 'arn:aws:iam::222222222222:policy/shop-dev-service-boundary' }
const pass = (name: string, service: string): Needed => ({
  actions: 'iam:PassRole',
  on: role(name),
  context: { 'iam:PassedToService': `${service}.amazonaws.com` },
})
const elb = 'AddTags RemoveTags'
const tags = 'AddTagsToResource RemoveTagsFromResource ListTagsForResource'
const own = { 'aws:ResourceTag/slipway:project': 'shop', 'aws:ResourceTag/slipway:environment': 'dev' }
/** What is there already carries its tags. */
const ec2 = (actions: string, on: string): Needed[] => {
  const all = actions.split(' ')
  const fresh = all.filter((action) =>
    /:(Allocate|Create(?!Route$)|Authorize|Revoke|Run|Modify\w+Attribute|GetSecurity)/.test(action),
  )
  const rest = all.filter((action) => !fresh.includes(action))
  const arn = `arn:aws:ec2:${place}:${on}`
  return [
    ...(fresh.length > 0 ? [{ actions: fresh.join(' '), on: arn, context: here }] : []),
    ...(rest.length > 0 ? [{ actions: rest.join(' '), on: arn, context: { ...here, ...own } }] : []),
  ]
}
const names = (...changed: string[]): Needed => ({
  actions: 'route53:ChangeResourceRecordSets',
  on: 'arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ',
  context: { 'route53:ChangeResourceRecordSetsNormalizedRecordNames': changed },
})
const certificate = (...domains: string[]): Needed => ({
  actions: 'acm:RequestCertificate',
  on: '*',
  context: { 'acm:DomainNames': domains },
})
const apis = (on: string): Needed[] => [
  { actions: 'apigateway:POST apigateway:GET apigateway:PATCH apigateway:DELETE', on: `arn:aws:apigateway:eu-west-1::${on}` },
]
const on = (service: string, resource: string, actions: string, context?: Record<string, string>): Needed => ({
  actions: actions
    .split(' ')
    .map((action) => (action.includes(':') ? action : `${service}:${action}`))
    .join(' '),
  on: `arn:aws:${service}:${place}:${resource}`,
  ...(context && { context }),
})

/** By the service authorization reference, November 2026, and what the handlers of the types are known to call; not observed on AWS. */
export const NEEDED: Record<string, Needed[]> = {
  'AWS::ApiGatewayV2::Api': apis('/apis/a1'),
  'AWS::ApiGatewayV2::ApiMapping': apis('/domainnames/events.example.org/apimappings'),
  'AWS::ApiGatewayV2::Authorizer': apis('/apis/a1/authorizers'),
  'AWS::ApiGatewayV2::DomainName': apis('/domainnames'),
  'AWS::ApiGatewayV2::Integration': [...apis('/apis/a1/integrations'), pass('shop-dev-events-invoke', 'apigateway')],
  'AWS::ApiGatewayV2::Route': apis('/apis/a1/routes'),
  'AWS::ApiGatewayV2::Stage': [
    ...apis('/apis/a1/stages'),
    { actions: 'logs:CreateLogDelivery logs:UpdateLogDelivery logs:DeleteLogDelivery logs:PutResourcePolicy', on: '*' },
  ],
  'AWS::ApplicationAutoScaling::ScalableTarget': [
    on('application-autoscaling', 'scalable-target/1', 'RegisterScalableTarget DeregisterScalableTarget TagResource', here),
  ],
  'AWS::ApplicationAutoScaling::ScalingPolicy': [
    on('application-autoscaling', 'scalable-target/1', 'PutScalingPolicy DeleteScalingPolicy', here),
    on('cloudwatch', 'alarm:TargetTracking-service/shop-dev/api-High', 'PutMetricAlarm DeleteAlarms'),
  ],
  'AWS::AutoScaling::AutoScalingGroup': [
    on(
      'autoscaling',
      'autoScalingGroup:1:autoScalingGroupName/shop-dev-edge',
      'CreateAutoScalingGroup UpdateAutoScalingGroup DeleteAutoScalingGroup CreateOrUpdateTags DeleteTags',
    ),
    ...ec2('ec2:RunInstances', 'instance/*'),
  ],
  'AWS::Budgets::Budget': [
    {
      actions: 'budgets:ModifyBudget budgets:ViewBudget budgets:TagResource budgets:UntagResource',
      on: 'arn:aws:budgets::222222222222:budget/shop-dev',
    },
  ],
  'AWS::CertificateManager::Certificate': [
    certificate('dev.example.org', '*.dev.example.org'),
    on('acm', 'certificate/1', 'DescribeCertificate DeleteCertificate AddTagsToCertificate'),
  ],
  'AWS::CloudWatch::Alarm': [on('cloudwatch', 'alarm:shop-dev-api', 'PutMetricAlarm DeleteAlarms TagResource UntagResource')],
  'AWS::EC2::EIP': [...ec2('ec2:AllocateAddress ec2:ReleaseAddress ec2:CreateTags', 'elastic-ip/e')],
  'AWS::EC2::FlowLog': [
    ...ec2('ec2:CreateFlowLogs ec2:DeleteFlowLogs ec2:CreateTags', 'vpc-flow-log/f'),
    pass('shop-dev-flow-logs', 'vpc-flow-logs'),
  ],
  'AWS::EC2::InternetGateway': [
    ...ec2('ec2:CreateInternetGateway ec2:DeleteInternetGateway ec2:CreateTags', 'internet-gateway/i'),
  ],
  'AWS::EC2::LaunchTemplate': [
    ...ec2(
      'ec2:CreateLaunchTemplate ec2:CreateLaunchTemplateVersion ec2:DeleteLaunchTemplate ec2:CreateTags',
      'launch-template/l',
    ),
  ],
  'AWS::EC2::NatGateway': [...ec2('ec2:CreateNatGateway ec2:DeleteNatGateway ec2:CreateTags', 'natgateway/n')],
  'AWS::EC2::Route': [...ec2('ec2:CreateRoute ec2:ReplaceRoute ec2:DeleteRoute', 'route-table/r')],
  'AWS::EC2::RouteTable': [...ec2('ec2:CreateRouteTable ec2:DeleteRouteTable ec2:CreateTags', 'route-table/r')],
  'AWS::EC2::SecurityGroup': [
    ...ec2('ec2:CreateSecurityGroup ec2:DeleteSecurityGroup ec2:CreateTags', 'security-group/s'),
    ...ec2('ec2:AuthorizeSecurityGroupIngress ec2:RevokeSecurityGroupEgress', 'security-group/s'),
  ],
  'AWS::EC2::SecurityGroupIngress': [
    ...ec2('ec2:AuthorizeSecurityGroupIngress ec2:RevokeSecurityGroupIngress', 'security-group/s'),
  ],
  'AWS::EC2::SecurityGroupEgress': [...ec2('ec2:AuthorizeSecurityGroupEgress ec2:RevokeSecurityGroupEgress', 'security-group/s')],
  'AWS::EC2::Subnet': [...ec2('ec2:CreateSubnet ec2:ModifySubnetAttribute ec2:DeleteSubnet ec2:CreateTags', 'subnet/s')],
  'AWS::EC2::SubnetRouteTableAssociation': [...ec2('ec2:AssociateRouteTable ec2:DisassociateRouteTable', 'route-table/r')],
  'AWS::EC2::VPC': [...ec2('ec2:CreateVpc ec2:ModifyVpcAttribute ec2:DeleteVpc ec2:CreateTags', 'vpc/v')],
  'AWS::EC2::VPCEndpoint': [
    ...ec2('ec2:CreateVpcEndpoint ec2:ModifyVpcEndpoint ec2:DeleteVpcEndpoints ec2:CreateTags', 'vpc-endpoint/v'),
  ],
  'AWS::EC2::VPCGatewayAttachment': [...ec2('ec2:AttachInternetGateway ec2:DetachInternetGateway', 'internet-gateway/i')],
  'AWS::ECS::CapacityProvider': [
    on('ecs', 'capacity-provider/shop-dev', 'CreateCapacityProvider UpdateCapacityProvider DeleteCapacityProvider TagResource'),
  ],
  'AWS::ECS::Cluster': [on('ecs', 'cluster/shop-dev', 'CreateCluster UpdateCluster DeleteCluster DescribeClusters TagResource')],
  'AWS::ECS::ClusterCapacityProviderAssociations': [on('ecs', 'cluster/shop-dev', 'PutClusterCapacityProviders')],
  'AWS::ECS::Service': [
    on('ecs', 'service/shop-dev/api', 'CreateService UpdateService DeleteService DescribeServices TagResource'),
  ],
  'AWS::ECS::TaskDefinition': [
    on('ecs', 'task-definition/shop-dev-api:1', 'RegisterTaskDefinition TagResource'),
    { actions: 'ecs:DeregisterTaskDefinition ecs:DescribeTaskDefinition', on: '*' },
    pass('shop-dev-api-task', 'ecs-tasks'),
    pass('shop-dev-api-execution', 'ecs-tasks'),
  ],
  'AWS::ElasticLoadBalancingV2::Listener': [
    on('elasticloadbalancing', 'listener/app/shop-dev/1/2', `CreateListener ModifyListener DeleteListener ${elb}`),
  ],
  'AWS::ElasticLoadBalancingV2::ListenerRule': [
    on('elasticloadbalancing', 'listener-rule/app/shop-dev/1/2/3', `CreateRule ModifyRule DeleteRule ${elb}`),
  ],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': [
    on(
      'elasticloadbalancing',
      'loadbalancer/app/shop-dev/1',
      `CreateLoadBalancer ModifyLoadBalancerAttributes SetSecurityGroups SetSubnets DeleteLoadBalancer ${elb}`,
    ),
    // Asked by ELB of whoever gives a load balancer its security groups; seen in no emulator.
    ...ec2('ec2:GetSecurityGroupsForVpc', 'vpc/v'),
  ],
  'AWS::ElasticLoadBalancingV2::TargetGroup': [
    on(
      'elasticloadbalancing',
      'targetgroup/shop-dev-api/1',
      `CreateTargetGroup ModifyTargetGroup ModifyTargetGroupAttributes DeleteTargetGroup ${elb}`,
    ),
  ],
  'AWS::IAM::InstanceProfile': [
    {
      actions:
        'iam:CreateInstanceProfile iam:AddRoleToInstanceProfile iam:RemoveRoleFromInstanceProfile iam:DeleteInstanceProfile',
      on: 'arn:aws:iam::222222222222:instance-profile/shop-dev-edge-host',
    },
    pass('shop-dev-edge-host', 'ec2'),
  ],
  'AWS::IAM::Role': [
    { actions: 'iam:CreateRole iam:PutRolePolicy', on: role('shop-dev-api-task'), context: bounded },
    {
      actions: 'iam:GetRole iam:UpdateAssumeRolePolicy iam:DeleteRolePolicy iam:DeleteRole iam:TagRole',
      on: role('shop-dev-api-task'),
    },
  ],
  'AWS::KMS::Alias': [
    on('kms', 'alias/shop-dev-budgets', 'CreateAlias UpdateAlias DeleteAlias'),
    on('kms', 'key/1', 'CreateAlias', own),
  ],
  'AWS::KMS::Key': [
    {
      actions: 'kms:CreateKey kms:TagResource',
      on: '*',
      context: { 'aws:RequestTag/slipway:project': 'shop', 'aws:RequestTag/slipway:environment': 'dev' },
    },
    on('kms', 'key/1', 'PutKeyPolicy EnableKeyRotation DescribeKey ScheduleKeyDeletion', own),
  ],
  'AWS::Lambda::EventInvokeConfig': [
    on('lambda', 'function:shop-dev-budgets-slack', 'PutFunctionEventInvokeConfig DeleteFunctionEventInvokeConfig'),
  ],
  'AWS::Lambda::Function': [
    on(
      'lambda',
      'function:shop-dev-events',
      'CreateFunction GetFunction UpdateFunctionCode UpdateFunctionConfiguration PutFunctionConcurrency DeleteFunction TagResource',
    ),
    {
      actions: 'ecr:BatchGetImage ecr:GetDownloadUrlForLayer',
      on: 'arn:aws:ecr:eu-west-1:111111111111:repository/shop/app',
      context: { 'aws:ResourceTag/slipway:project': 'shop', 'aws:ResourceTag/slipway:environment': 'registry' },
    },
    pass('shop-dev-events-function', 'lambda'),
  ],
  'AWS::Lambda::Permission': [on('lambda', 'function:shop-dev-budgets-slack', 'AddPermission RemovePermission')],
  'AWS::Logs::LogGroup': [on('logs', 'log-group:/shop/dev/api', 'CreateLogGroup PutRetentionPolicy DeleteLogGroup TagResource')],
  'AWS::Route53::RecordSet': [
    names('api.dev.example.org'),
    names('dev.example.org', '_proof.dev.example.org'),
    {
      actions: 'route53:ListResourceRecordSets route53:GetHostedZone',
      on: 'arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ',
    },
    { actions: 'route53:GetChange', on: 'arn:aws:route53:::change/C1' },
  ],
  'AWS::S3::Bucket': [
    {
      actions: 's3:CreateBucket s3:PutEncryptionConfiguration s3:PutBucketPublicAccessBlock s3:PutBucketTagging s3:DeleteBucket',
      on: 'arn:aws:s3:::shop-dev-access-logs-222222222222',
    },
  ],
  'AWS::S3::BucketPolicy': [
    {
      actions: 's3:PutBucketPolicy s3:GetBucketPolicy s3:DeleteBucketPolicy',
      on: 'arn:aws:s3:::shop-dev-access-logs-222222222222',
    },
  ],
  'AWS::SNS::Subscription': [on('sns', 'shop-dev-budgets', 'Subscribe'), on('sns', 'shop-dev-budgets:1', 'Unsubscribe')],
  'AWS::SNS::Topic': [on('sns', 'shop-dev-budgets', 'CreateTopic SetTopicAttributes DeleteTopic TagResource')],
  'AWS::SNS::TopicPolicy': [on('sns', 'shop-dev-budgets', 'SetTopicAttributes')],
  'AWS::SQS::Queue': [on('sqs', 'shop-dev-events-dead-letters', 'CreateQueue SetQueueAttributes DeleteQueue TagQueue')],
  'AWS::SQS::QueuePolicy': [on('sqs', 'shop-dev-events-dead-letters', 'SetQueueAttributes')],
  'AWS::SSM::Document': [
    on('ssm', 'document/shop-dev-deploy', `CreateDocument UpdateDocument UpdateDocumentDefaultVersion DeleteDocument ${tags}`),
  ],
  'AWS::SSM::Parameter': [
    on('ssm', 'parameter/shop/dev/outputs/network/vpc', `PutParameter GetParameters DeleteParameter ${tags}`),
    on('ssm', 'parameter/shop/dev/api/image', 'GetParameters'),
  ],
  'AWS::Scheduler::Schedule': [
    on('scheduler', 'schedule/shop-dev-events/shop-dev-events', 'CreateSchedule UpdateSchedule GetSchedule DeleteSchedule'),
    pass('shop-dev-events-invoke', 'scheduler'),
  ],
  'AWS::StepFunctions::StateMachine': [
    on(
      'states',
      'stateMachine:shop-dev-api',
      'CreateStateMachine DescribeStateMachine UpdateStateMachine DeleteStateMachine ListTagsForResource TagResource UntagResource',
    ),
    pass('shop-dev-api-schedules', 'states'),
    pass('shop-dev-api-invoke', 'scheduler'),
  ],
  'AWS::Scheduler::ScheduleGroup': [
    on('scheduler', 'schedule-group/shop-dev-events', 'CreateScheduleGroup GetScheduleGroup DeleteScheduleGroup TagResource'),
  ],
}

/** What changes what is there already. */
const DESTROYS =
  'ec2:DeleteVpc ec2:DeleteSubnet ec2:DeleteSecurityGroup ec2:DeleteNatGateway ec2:ReplaceRoute ec2:CreateRoute ec2:DisassociateRouteTable ec2:ReleaseAddress ec2:DeleteTags'

/** What it must never do, whatever a template says. */
export const FORBIDDEN: [string, Needed][] = [
  [
    'the roles that deliver',
    { actions: 'iam:PutRolePolicy iam:UpdateAssumeRolePolicy iam:DeleteRole', on: role('shop-dev-deploy') },
  ],
  [
    'its own role',
    { actions: 'iam:PutRolePolicy iam:PutRolePermissionsBoundary', on: role('shop-dev-cloudformation'), context: bounded },
  ],
  ['a role without a boundary', { actions: 'iam:CreateRole', on: role('shop-dev-api-task') }],
  [
    'a role below the boundary of those that deliver',
    {
      actions: 'iam:CreateRole iam:PutRolePolicy',
      on: role('shop-dev-x-task'),
      context: { 'iam:PermissionsBoundary': 'arn:aws:iam::222222222222:policy/shop-dev-boundary' },
    },
  ],
  [
    'a role below another boundary',
    {
      actions: 'iam:CreateRole',
      on: role('shop-dev-x-task'),
      context: { 'iam:PermissionsBoundary': 'arn:aws:iam::222222222222:policy/mine' },
    },
  ],
  ['a role of another name', { actions: 'iam:CreateRole', on: role('admin'), context: bounded }],
  [
    'boundaries and policies',
    { actions: 'iam:CreatePolicyVersion iam:DeletePolicy', on: 'arn:aws:iam::222222222222:policy/shop-dev-boundary' },
  ],
  ['users', { actions: 'iam:CreateUser iam:CreateAccessKey', on: 'arn:aws:iam::222222222222:user/shop-dev-x' }],
  ['a role to another service', pass('shop-dev-api-task', 'ec2')],
  ['the role that delivers to a service', pass('shop-dev-deploy', 'lambda')],
  ['records', on('ssm', 'parameter/shop/dev/api/image', 'PutParameter DeleteParameter')],
  ['the lease', on('ssm', 'parameter/shop/dev/lock', 'PutParameter')],
  ['outputs of another environment', on('ssm', 'parameter/shop/prod/outputs/network/vpc', 'PutParameter')],
  ['functions of another environment', on('lambda', 'function:shop-prod-events', 'UpdateFunctionCode DeleteFunction')],
  ['what gets traffic', on('lambda', 'function:shop-dev-events', 'PublishVersion UpdateAlias CreateAlias')],
  [
    'a network of another environment',
    {
      actions: 'ec2:DeleteVpc',
      on: `arn:aws:ec2:${place}:vpc/v`,
      context: { ...here, ...own, 'aws:ResourceTag/slipway:environment': 'prod' },
    },
  ],
  [
    'a network of another project',
    {
      actions: 'ec2:DeleteVpc',
      on: `arn:aws:ec2:${place}:vpc/v`,
      context: { ...here, ...own, 'aws:ResourceTag/slipway:project': 'other' },
    },
  ],
  ['a network of nobody', { actions: DESTROYS, on: `arn:aws:ec2:${place}:vpc/v`, context: here }],
  ['names beside its domain', names('example.org')],
  ['names beside its domain, among its own', names('dev.example.org', 'api.example.org')],
  ['names of another environment below its own', names('api.inner.dev.example.org')],
  ['certificates of another domain', certificate('dev.example.org', 'example.org')],
  [
    'another region',
    { actions: 'ec2:CreateVpc', on: `arn:aws:ec2:${place}:vpc/v`, context: { 'aws:RequestedRegion': 'us-east-1' } },
  ],
  ['keys that are not its own', on('kms', 'key/1', 'ScheduleKeyDeletion')],
]
