import { CfnQueue, CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'

/** The longest that SQS keeps a message, in seconds: 14 days. */
const LONGEST = 1_209_600

/** A queue for what could not be delivered: encrypted, reached by TLS only, and kept for as long as SQS can. */
export const deadLetters = (scope: Construct, queueName: string, id = 'DeadLetters'): CfnQueue => {
  const queue = new CfnQueue(scope, id, { queueName, messageRetentionPeriod: LONGEST, sqsManagedSseEnabled: true })
  new CfnQueuePolicy(scope, `${id}ByTls`, {
    queues: [queue.ref],
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'TlsOnly',
          Effect: 'Deny',
          Principal: '*',
          Action: 'sqs:*',
          Resource: queue.attrArn,
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    },
  })
  return queue
}
