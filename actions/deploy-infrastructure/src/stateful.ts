/** Types that hold something which is gone when they are: data, messages, an address that others know. */
const STATEFUL = [
  'AWS::RDS::',
  'AWS::DynamoDB::',
  'AWS::EFS::',
  'AWS::S3::Bucket',
  'AWS::ElastiCache::',
  'AWS::Cognito::UserPool',
  'AWS::SecretsManager::Secret',
  'AWS::KMS::Key',
  'AWS::ECR::Repository',
  'AWS::Logs::LogGroup',
  'AWS::SQS::Queue',
  'AWS::EC2::Volume',
  'AWS::EC2::Instance',
  'AWS::EC2::EIP',
  'AWS::EC2::VPC',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
]
/** Their policies and parts hold nothing themselves. */
const PARTS = /^AWS::(S3::BucketPolicy|SQS::QueuePolicy|EC2::VPC[A-Z]\w*|EC2::EIPAssociation)$/

export const isStateful = (type: string): boolean => !PARTS.test(type) && STATEFUL.some((start) => type.startsWith(start))
