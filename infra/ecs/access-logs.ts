import { CfnBucket, CfnBucketPolicy } from 'aws-cdk-lib/aws-s3'
import { clusterNames } from '../../lib/delivery/names.ts'
import { LOG_OF_LOGS } from '../checks/acknowledgements.ts'
import { explain } from '../checks/checks.ts'
import type { PlaceStack } from '../stack.ts'

/** Bucket for the load balancer's record of requests. It cannot be deleted while something is in it. */
export const accessLogBucket = (stack: PlaceStack, days: number): { bucket: CfnBucket; policy: CfnBucketPolicy } => {
  const { account, configuration, place } = stack
  const bucket = new CfnBucket(stack, 'AccessLogs', {
    bucketName: clusterNames(configuration.project, place, account).accessLogs,
    // ELB writes with keys of S3 only (ELB user guide, "Enable access logs").
    bucketEncryption: { serverSideEncryptionConfiguration: [{ serverSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }] },
    publicAccessBlockConfiguration: {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    ownershipControls: { rules: [{ objectOwnership: 'BucketOwnerEnforced' }] },
    lifecycleConfiguration: { rules: [{ id: 'expire', status: 'Enabled', expirationInDays: days }] },
  })
  bucket.applyRemovalPolicy(stack.removal)
  explain(bucket, LOG_OF_LOGS)
  const policy = new CfnBucketPolicy(stack, 'AccessLogsPolicy', {
    bucket: bucket.ref,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'LoadBalancers',
          Effect: 'Allow',
          Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' },
          Action: 's3:PutObject',
          // ELB writes below the account of the load balancer: those of other accounts cannot write here.
          Resource: `${bucket.attrArn}/AWSLogs/${account}/*`,
        },
        {
          Sid: 'EncryptedOnTheWay',
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: [bucket.attrArn, `${bucket.attrArn}/*`],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    },
  })
  return { bucket, policy }
}
