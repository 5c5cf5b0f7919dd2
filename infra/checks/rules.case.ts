type Resources = Record<string, { type: string; properties?: Record<string, unknown> }>

const only = (type: string, properties: Record<string, unknown> = {}): Resources => ({ Found: { type, properties } })

const trust = (condition: Record<string, Record<string, string>>) => ({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: ['sts:AssumeRoleWithWebIdentity'], Principal: { Federated: 'x' }, Condition: condition },
  ],
})

const role = (properties: Record<string, unknown>): Resources =>
  only('AWS::IAM::Role', { PermissionsBoundary: 'b', AssumeRolePolicyDocument: { Statement: [] }, ...properties })

const claims = Object.fromEntries(
  ['aud', 'sub', 'ref', 'repository_id', 'repository_owner_id', 'job_workflow_ref'].map((claim) => [
    `token.actions.githubusercontent.com:${claim}`,
    'x',
  ]),
)
const { 'token.actions.githubusercontent.com:ref': _, ...withoutRef } = claims

const allowing = (Action: string | string[], Resource: string | string[] = '*') => ({
  PolicyDocument: { Statement: [{ Effect: 'Allow', Action, Resource }] },
})

const ingress = (rule: Record<string, unknown>): Resources =>
  only('AWS::EC2::SecurityGroup', {
    GroupDescription: 'x',
    SecurityGroupIngress: [{ IpProtocol: 'tcp', CidrIp: '10.0.0.0/8', FromPort: 80, ToPort: 80 }, rule],
  })

const container = (Image: unknown): Resources =>
  only('AWS::ECS::TaskDefinition', { ContainerDefinitions: [{ Name: 'api', Image }] })

/** Templates that each of our rules must find, by rule: at least one for each thing that it says. */
export const CAUGHT: Record<string, Resources[]> = {
  trust_of_github_is_exact: [
    role({ AssumeRolePolicyDocument: trust({ StringEquals: withoutRef }) }),
    role({ AssumeRolePolicyDocument: trust({ StringEquals: claims, StringLike: { other: 'x' } }) }),
    role({ AssumeRolePolicyDocument: trust({ 'ForAllValues:StringEquals': claims }) }),
    role({
      AssumeRolePolicyDocument: trust({ StringEquals: { ...claims, 'token.actions.githubusercontent.com:sub': 'repo:acme/*' } }),
    }),
  ],
  role_is_below_a_boundary: [only('AWS::IAM::Role', { AssumeRolePolicyDocument: { Statement: [] } })],
  identity_actions_are_narrow: [
    role({ Policies: [{ PolicyName: 'p', ...allowing(['s3:GetObject', 'iam:*']) }] }),
    role({ Policies: [{ PolicyName: 'p', ...allowing('sts:AssumeRole', ['arn:x', '*']) }] }),
    only('AWS::IAM::ManagedPolicy', { ManagedPolicyName: 'shop-dev-execution', ...allowing('*') }),
  ],
  no_lasting_credentials: ['User', 'AccessKey', 'Group'].map((kind) => only(`AWS::IAM::${kind}`, { UserName: 'x' })),
  parameters_are_outputs: [
    only('AWS::SSM::Parameter', { Name: '/shop/dev/api/image', Type: 'String', Value: 'x' }),
    only('AWS::SSM::Parameter', { Type: 'String', Value: 'x' }),
  ],
  repository_is_immutable_and_scanned: [
    only('AWS::ECR::Repository', { ImageTagMutability: 'MUTABLE', ImageScanningConfiguration: { ScanOnPush: true } }),
    only('AWS::ECR::Repository', { ImageTagMutability: 'IMMUTABLE' }),
  ],
  image_is_recorded: [
    container('nginx:latest'),
    container({ 'Fn::Join': ['', [{ Ref: 'AWS::AccountId' }, '.dkr.ecr.eu-west-1.amazonaws.com/shop/app:v1']] }),
    only('AWS::Lambda::Function', { Role: 'x', PackageType: 'Image', Code: { ImageUri: 'shop/app:v1' } }),
  ],
  no_custom_resource: [only('Custom::Seed'), only('AWS::CloudFormation::CustomResource', { ServiceToken: 'x' })],
  only_the_web_is_open: [
    ingress({ IpProtocol: 'tcp', CidrIp: '0.0.0.0/0', FromPort: 8080, ToPort: 8080 }),
    ingress({ IpProtocol: 'tcp', CidrIpv6: '::/0', FromPort: 443, ToPort: 8443 }),
    only('AWS::EC2::SecurityGroupIngress', { IpProtocol: 'udp', CidrIp: '0.0.0.0/0', FromPort: 53, ToPort: 53 }),
  ],
  no_ssh: [
    ingress({ IpProtocol: 'tcp', CidrIp: '10.0.0.0/8', FromPort: 20, ToPort: 25 }),
    ingress({ IpProtocol: '-1', CidrIp: '10.0.0.0/8' }),
    only('AWS::EC2::SecurityGroupIngress', { IpProtocol: 'tcp', CidrIp: '10.0.0.0/8', FromPort: 22, ToPort: 22 }),
    only('AWS::EC2::KeyPair', { KeyName: 'x' }),
    only('AWS::EC2::LaunchTemplate', { LaunchTemplateData: { KeyName: 'x', MetadataOptions: { HttpTokens: 'required' } } }),
  ],
  metadata_needs_a_token: [
    only('AWS::EC2::LaunchTemplate', { LaunchTemplateData: {} }),
    only('AWS::EC2::LaunchTemplate', { LaunchTemplateData: { MetadataOptions: { HttpTokens: 'optional' } } }),
    only('AWS::EC2::Instance', { ImageId: 'ami-1' }),
  ],
  logs_are_kept_for_a_time: [only('AWS::Logs::LogGroup', { LogGroupName: '/shop/dev/api' })],
  budget_tells_somebody: [
    only('AWS::Budgets::Budget', { Budget: { BudgetType: 'COST' } }),
    only('AWS::Budgets::Budget', { Budget: { BudgetType: 'COST' }, NotificationsWithSubscribers: [] }),
  ],
  template_fits_a_request: [only('AWS::SQS::Queue', { QueueName: 'x'.repeat(51_200) })],
  no_import: [only('AWS::SQS::Queue', { QueueName: { 'Fn::ImportValue': 'x' } })],
}
