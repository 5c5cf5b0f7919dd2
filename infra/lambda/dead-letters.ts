import { CfnQueue, CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs'
import type { PlaceStack } from '../stack.ts'
import type { LambdaServicePlace } from './place.ts'

/** The longest that SQS keeps a message, in seconds: 14 days. */
const LONGEST = 1_209_600

/**
 * Where events end that a function was invoked with and could not take, or that a schedule could not deliver. It belongs to
 * the configuration of a function, not to its alias, which is not there yet when the stack is made.
 */
export const deadLetters = (stack: PlaceStack, { names }: Pick<LambdaServicePlace, 'names'>): CfnQueue => {
  const queue = new CfnQueue(stack, 'DeadLetters', {
    queueName: names.deadLetters,
    messageRetentionPeriod: LONGEST,
    sqsManagedSseEnabled: true,
  })
  queue.applyRemovalPolicy(stack.removal)
  new CfnQueuePolicy(stack, 'DeadLettersByTls', {
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
