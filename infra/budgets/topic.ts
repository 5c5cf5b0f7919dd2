import { CfnAlias, CfnKey } from 'aws-cdk-lib/aws-kms'
import { CfnTopic, CfnTopicPolicy } from 'aws-cdk-lib/aws-sns'
import { budgetNames, partition } from '../../lib/delivery/names.ts'
import type { PlaceStack } from '../stack.ts'

/** A topic that AWS Budgets, for this account alone, may publish to. With a key of its own: Budgets cannot use SNS's. */
export const alarmTopic = (stack: PlaceStack): { topic: CfnTopic; policy: CfnTopicPolicy } => {
  const { account, region } = stack
  const names = budgetNames(stack.configuration.project, stack.place)
  const { name } = partition(region)
  const budgets = {
    Effect: 'Allow',
    Principal: { Service: 'budgets.amazonaws.com' },
    // As AWS documents it (Cost Management user guide, "Creating an Amazon SNS topic for budget notifications").
    Condition: {
      StringEquals: { 'aws:SourceAccount': account },
      ArnLike: { 'aws:SourceArn': `arn:${name}:budgets::${account}:*` },
    },
  }
  const key = new CfnKey(stack, 'Key', {
    description: `what AWS Budgets says of ${stack.configuration.project} in ${stack.place}`,
    enableKeyRotation: true,
    pendingWindowInDays: 7,
    keyPolicy: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'Account',
          Effect: 'Allow',
          Principal: { AWS: `arn:${name}:iam::${account}:root` },
          Action: 'kms:*',
          Resource: '*',
        },
        { Sid: 'Budgets', ...budgets, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Resource: '*' },
      ],
    },
  })
  key.applyRemovalPolicy(stack.removal)
  new CfnAlias(stack, 'KeyAlias', { aliasName: names.keyAlias, targetKeyId: key.ref })
  const topic = new CfnTopic(stack, 'Topic', { topicName: names.topic, kmsMasterKeyId: key.ref })
  const policy = new CfnTopicPolicy(stack, 'TopicPolicy', {
    topics: [topic.ref],
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        { Sid: 'Budgets', ...budgets, Action: 'sns:Publish', Resource: topic.ref },
        {
          Sid: 'EncryptedOnly',
          Effect: 'Deny',
          Principal: '*',
          Action: 'sns:Publish',
          Resource: topic.ref,
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    },
  })
  return { topic, policy }
}
