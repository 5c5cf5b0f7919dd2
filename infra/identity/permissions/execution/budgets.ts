import { budgetsRegion } from '../../../../lib/delivery/budgets.ts'
import { budgetNames, COST_TAG, PROJECT_TAG, partition } from '../../../../lib/delivery/names.ts'
import { allow, arn, type Statement } from '../policy.ts'
import { lambdaFunctions, passRole, queues } from './functions.ts'
import { type Scope, verbs } from './scope.ts'

/** Budgets, the topic that they tell with its key, and the function that tells Slack; all where AWS has budgets. */
export const budgets = (given: Scope, withSlack: boolean): Statement[] => {
  const { project, environment } = given
  const { account, region } = given.place
  const place = { account, region: budgetsRegion(region) ?? region }
  const scope = { ...given, place }
  const names = budgetNames(project, environment)
  const budget = (name: string): string => `arn:${partition(region).name}:budgets::${account}:budget/${name}`
  const keys = arn(place, 'kms', 'key/*')
  const tags = { [PROJECT_TAG]: project, [COST_TAG]: environment }
  const tagged = (where: string) => ({
    StringEquals: Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:${where}/${key}`, value])),
  })
  return [
    allow('OwnBudgets', verbs('budgets', 'ListTagsForResource ModifyBudget TagResource UntagResource ViewBudget'), [
      budget(`${project}-${environment}`),
      budget(`${project}-${environment}-*`),
    ]),
    allow(
      'Topics',
      verbs(
        'sns',
        `CreateTopic DeleteTopic GetTopicAttributes SetTopicAttributes GetDataProtectionPolicy Subscribe Unsubscribe
         ListSubscriptionsByTopic GetSubscriptionAttributes SetSubscriptionAttributes ListTagsForResource TagResource UntagResource`,
      ),
      [arn(place, 'sns', names.topic), arn(place, 'sns', `${names.topic}:*`)],
    ),
    allow('MakeKeys', verbs('kms', 'CreateKey TagResource'), ['*'], tagged('RequestTag')),
    allow(
      'Keys',
      verbs(
        'kms',
        `CreateAlias DeleteAlias DescribeKey DisableKeyRotation EnableKeyRotation GetKeyPolicy GetKeyRotationStatus
         ListResourceTags PutKeyPolicy ScheduleKeyDeletion TagResource UntagResource UpdateAlias UpdateKeyDescription`,
      ),
      [keys],
      tagged('ResourceTag'),
    ),
    allow('KeyAliases', verbs('kms', 'CreateAlias DeleteAlias UpdateAlias'), [arn(place, 'kms', names.keyAlias)]),
    allow('FindKeyAliases', ['kms:ListAliases'], ['*']),
    ...(withSlack
      ? [
          lambdaFunctions(scope),
          allow('SlackPermission', verbs('lambda', 'AddPermission GetPolicy RemovePermission'), [
            arn(place, 'lambda', `function:${names.slack}`),
          ]),
          queues(scope),
          passRole(scope, 'PassSlackRole', 'budgets-slack', 'lambda'),
        ]
      : []),
  ]
}
