import {
  apis,
  bounded,
  certificate,
  ec2,
  elb,
  here,
  type Needed,
  names,
  on,
  own,
  pass,
  role,
  tags,
} from './execution-asks.case.ts'
import { NETWORK } from './execution-network.case.ts'

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
  ...NETWORK,
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
