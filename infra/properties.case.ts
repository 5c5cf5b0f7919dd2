/** Types whose names belong to something else that has a name of its own, or are not names in the account. */
const ELSEWHERE = new Set([
  'AWS::ECS::Service', // within its cluster
  'AWS::Route53::RecordSet', // within its zone
  'AWS::CertificateManager::Certificate', // the domain
  'AWS::EC2::VPCEndpoint', // a service of AWS
])

/** Names in the account that a resource is given in the template. */
export const physicalNames = (type: string, properties: Record<string, unknown>): string[] => {
  if (ELSEWHERE.has(type)) return []
  const named = Object.entries({ ...properties, ...(properties['Budget'] as object | undefined) })
  return named.flatMap(([key, value]) => (/(Name|^Family)$/.test(key) && typeof value === 'string' ? [value] : []))
}

/** Resources that CloudFormation takes no tags for, by November 2026. */
export const UNTAGGABLE = new Set([
  'AWS::EC2::Route',
  'AWS::EC2::SubnetRouteTableAssociation',
  'AWS::EC2::VPCGatewayAttachment',
  'AWS::ECS::ClusterCapacityProviderAssociations',
  'AWS::IAM::InstanceProfile',
  'AWS::IAM::ManagedPolicy',
  'AWS::KMS::Alias',
  'AWS::Lambda::Permission',
  'AWS::Route53::RecordSet',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
])

/** What a resource is tagged with, in whatever form its type has. */
export const tagsOf = (type: string, properties: Record<string, unknown>): unknown => {
  if (type === 'AWS::Budgets::Budget') return properties['ResourceTags']
  if (type !== 'AWS::EC2::LaunchTemplate') return properties['Tags']
  // What it starts is tagged, and itself.
  const { TagSpecifications } = properties as { TagSpecifications?: { Tags: unknown }[] }
  return TagSpecifications?.[0]?.Tags
}
