import { budgetsRegion } from '../../../lib/delivery/budgets.ts'
import { infrastructureNames, partition, providerStackName, STACK_CONTENTS, stackName } from '../../../lib/delivery/names.ts'
import { allow, arn, type Condition, deny, type Place, type Statement } from './policy.ts'

/** Every stack of an environment that the pipeline brings, with whatever id AWS gives it. AWS has budgets in some regions only. */
const stacksOf = (place: Place, project: string, environment: string): string[] =>
  STACK_CONTENTS.map((content) => {
    const region = (content === 'budgets' ? budgetsRegion(place.region) : undefined) ?? place.region
    return arn({ ...place, region }, 'cloudformation', `stack/${stackName(project, environment, content)}/*`)
  })

const cloudFormationRole = ({ account, region }: Place, project: string, environment: string): string =>
  `arn:${partition(region).name}:iam::${account}:role/${infrastructureNames(project, environment).cloudFormation}`

/** Looking at stacks and making change sets for them, with CloudFormation's own role and no other. */
export const changeSets = (place: Place, project: string, environment: string, reading: string[] = []): Statement[] => {
  const stacks = stacksOf(place, project, environment)
  const role = cloudFormationRole(place, project, environment)
  const own: Condition = { StringEquals: { 'cloudformation:RoleArn': role } }
  return [
    allow('ReadStacks', ['cloudformation:DescribeChangeSet', 'cloudformation:DescribeStacks', ...reading], stacks),
    allow('MakeChangeSets', ['cloudformation:CreateChangeSet'], stacks, own),
    allow('DropChangeSets', ['cloudformation:DeleteChangeSet'], stacks),
    allow('PassToCloudFormation', ['iam:PassRole'], [role], {
      StringEquals: { 'iam:PassedToService': 'cloudformation.amazonaws.com' },
    }),
    allow('ReadOutputs', ['ssm:GetParameters'], [outputs(place, project, environment)]),
    notTheAdministrators(place, project, environment),
  ]
}

/** Comparing what is there with what is wanted: which stacks there are, and what they were made of. */
export const comparisons = (place: Place, project: string, environment: string): Statement[] => [
  allow('FindStacks', ['cloudformation:ListStacks'], ['*']),
  ...changeSets(place, project, environment, ['cloudformation:GetTemplate']),
]

/** Bringing what change sets say. What CloudFormation does then, its own role must be allowed to. */
export const executions = (place: Place, project: string, environment: string): Statement[] => [
  allow('DeleteFailedCreations', ['cloudformation:DeleteStack'], stacksOf(place, project, environment), {
    StringEquals: { 'cloudformation:RoleArn': cloudFormationRole(place, project, environment) },
  }),
  allow(
    'ExecuteChangeSets',
    [
      'cloudformation:CancelUpdateStack',
      'cloudformation:DescribeStackEvents',
      'cloudformation:DescribeStackResources',
      'cloudformation:ExecuteChangeSet',
      'cloudformation:UpdateTerminationProtection',
    ],
    stacksOf(place, project, environment),
  ),
]

/** Everything that the stacks publish for each other. */
const outputs = (place: Place, project: string, environment: string): string =>
  arn(place, 'ssm', `parameter/${project}/${environment}/outputs/*`)

/** Stacks that say who may do what, although their names begin as those of the environment. */
const notTheAdministrators = (place: Place, project: string, environment: string): Statement =>
  deny(
    'NotTheAdministrators',
    ['cloudformation:*'],
    [stackName(project, environment, 'identity'), providerStackName(project, place.account)].map((name) =>
      arn(place, 'cloudformation', `stack/${name}/*`),
    ),
  )
