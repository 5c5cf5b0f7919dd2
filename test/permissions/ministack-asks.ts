import type { PolicyDocument } from '../../local/aws/policy.ts'

/** What MiniStack asks of a policy where AWS asks something else. */
type Question = { action: string; asked?: string[]; resource?: string; because: string }

/**
 * What MiniStack gets wrong, and each reason. Whoever is granted `action` is granted there what MiniStack asks instead; nobody
 * else is, so a permission that is missing is missed by it all the same.
 */
const QUESTIONS: Question[] = [
  { action: 'ssm:GetParameters', because: 'it reads one name out of a request, and this call has a list' },
  {
    action: 'budgets:ViewBudget',
    asked: ['budgets:DescribeBudgets', 'budgets:DescribeBudgetNotificationsForAccount'],
    because: 'it asks for the name of the call, and AWS has one action for all that is read',
  },
  ...['CreateChangeSet', 'DeleteStack'].map((name) => ({
    action: `cloudformation:${name}`,
    resource: 'arn:aws:cloudformation:eu-west-1:111111111111:stack/shop-dev-*/*',
    because: 'it does not know the condition key cloudformation:RoleArn, and a condition on one that it does not know denies',
  })),
  ...['DescribeChangeSet', 'DeleteChangeSet', 'ExecuteChangeSet'].map((name) => ({
    action: `cloudformation:${name}`,
    because: 'it reads the name of a stack out of a request, and this call may have the ARN of a change set alone',
  })),
  ...[
    ...['DescribeServices', 'UpdateService', 'ListServiceDeployments', 'DescribeServiceDeployments', 'DescribeServiceRevisions'],
    ...['StopServiceDeployment', 'RunTask', 'StopTask', 'ListTasks', 'DescribeTasks'],
  ].map((name) => ({
    action: `ecs:${name}`,
    resource: 'arn:aws:ecs:eu-west-1:111111111111:cluster/shop-dev',
    because: 'it asks for the cluster, and AWS for the service, the task or the task definition in it',
  })),
]

/** The policy as MiniStack has to be given it. */
export const asMiniStackAsks = (policy: PolicyDocument): PolicyDocument => {
  const granted = new Set(
    [policy.Statement].flat().flatMap(({ Effect, Action = [] }) => (Effect === 'Allow' ? [Action].flat() : [])),
  )
  const more = QUESTIONS.filter(({ action }) => granted.has(action)).map(({ action, asked = [action], resource = '*' }) => ({
    Effect: 'Allow' as const,
    Action: asked,
    Resource: resource,
  }))
  return { ...policy, Statement: [...[policy.Statement].flat(), ...more] }
}
