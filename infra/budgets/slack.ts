import { join } from 'node:path'
import { CfnFunction, CfnPermission } from 'aws-cdk-lib/aws-lambda'
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs'
import { CfnSubscription, type CfnTopic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import { budgetNames } from '../../lib/delivery/names.ts'
import { deadLetters } from '../dead-letters.ts'
import { boundByName } from '../identity/bound.ts'
import { allow, arn, policy } from '../identity/permissions/policy.ts'
import { serviceRole, trusts } from '../service-role.ts'
import type { PlaceStack } from '../stack.ts'
import { inlineCode } from './inline.ts'

/** Seconds that the function may take: four requests of eight seconds, and what it waits between them. */
const TIMEOUT = 90
const DAYS = 30

export type SlackProps = {
  topic: CfnTopic
  /** SSM SecureString with the address of the webhook, encrypted with the key that AWS keeps for SSM. */
  parameter: string
  /** Where that parameter is: the region of the environment, which need not be that of its budgets. */
  region: string
}

/** Tells Slack what the topic hears. What could not be told, after three tries of the function, is kept in a queue. */
export class Slack extends Construct {
  constructor(stack: PlaceStack, { topic, parameter, region }: SlackProps) {
    super(stack, 'Slack')
    boundByName(stack)
    const names = budgetNames(stack.configuration.project, stack.place)
    const logs = new CfnLogGroup(this, 'Logs', { logGroupName: names.slackLogs, retentionInDays: DAYS })
    logs.applyRemovalPolicy(stack.removal)
    const queue = deadLetters(this, names.slack, 'Untold')
    const document = policy(
      allow('ReadWebhook', ['ssm:GetParameter'], [arn({ account: stack.account, region }, 'ssm', `parameter${parameter}`)]),
      allow(
        'WriteSlackLogs',
        ['logs:CreateLogStream', 'logs:PutLogEvents'],
        [arn(stack, 'logs', `log-group:${names.slackLogs}:*`)],
      ),
      allow('KeepUntold', ['sqs:SendMessage'], [arn(stack, 'sqs', names.slack)]),
    )
    const role = serviceRole(this, 'Role', {
      name: names.slack,
      description: `tells Slack of the budgets of ${stack.configuration.project} in ${stack.place}`,
      trust: [trusts('lambda')],
      policyName: 'slack',
      permissions: document,
    })
    const made = new CfnFunction(this, 'Function', {
      functionName: names.slack,
      description: 'tells Slack what AWS Budgets has said',
      runtime: 'nodejs24.x',
      architectures: ['arm64'],
      handler: 'index.handler',
      code: { zipFile: inlineCode(join(import.meta.dirname, 'slack.lambda.ts')) },
      role: role.attrArn,
      timeout: TIMEOUT,
      memorySize: 256,
      environment: { variables: { WEBHOOK_PARAMETER: parameter, WEBHOOK_REGION: region } },
      deadLetterConfig: { targetArn: queue.attrArn },
      loggingConfig: { logGroup: logs.ref },
    })
    new CfnPermission(this, 'Permission', {
      action: 'lambda:InvokeFunction',
      functionName: made.ref,
      principal: 'sns.amazonaws.com',
      sourceArn: topic.ref,
      sourceAccount: stack.account,
    })
    new CfnSubscription(this, 'Subscription', { topicArn: topic.ref, protocol: 'lambda', endpoint: made.attrArn })
  }
}
