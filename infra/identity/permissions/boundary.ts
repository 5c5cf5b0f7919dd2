import type { Configuration } from '../../../lib/delivery/configuration.ts'
import { COST_TAG, PROJECT_TAG, partition, REGISTRY, roleArn } from '../../../lib/delivery/names.ts'
import { serviceIn } from '../../../lib/delivery/services.ts'
import { adoptedRoles } from './execution/adopted.ts'
import { taggedOtherwise } from './execution/limit.ts'
import { allow, deny, type Place, type PolicyDocument, policy, type Statement } from './policy.ts'

/** Everything of IAM that changes something. `iam:*` would also take `iam:PassRole`, without which no task gets its role. */
const IAM_WRITES = [
  'Add*',
  'Attach*',
  'ChangePassword',
  'Create*',
  'Deactivate*',
  'Delete*',
  'Detach*',
  'Enable*',
  'Put*',
  'Remove*',
  'Reset*',
  'Resync*',
  'Set*',
  'Tag*',
  'Untag*',
  'Update*',
  'Upload*',
].map((action) => `iam:${action}`)

/** Everything that changes a parameter, or who may read it, or whose it is. */
export const RECORD_WRITES = [
  ...['AddTagsToResource', 'DeleteParameter*', 'LabelParameterVersion', 'PutParameter', 'PutResourcePolicy'],
  ...['RemoveTagsFromResource', 'UnlabelParameterVersion'],
].map((action) => `ssm:${action}`)

/** Where AWS compares the tags of what is asked for (service authorization reference); names alone may begin as another project's. */
const TAGGED = ['cloudformation:*', 'ec2:*', 'ecr:*', 'ecs:*', 'lambda:*', 'logs:*', 'ssm:*']

/**
 * The most that a role of GitHub's jobs may do in a place, whatever its own policies say: nothing of `nowhere`, and nothing
 * that carries the tag of another project or environment. The rest is left to its policies, which the administrator makes too.
 */
export const boundary = (place: Place, configuration: Configuration, name: string): PolicyDocument =>
  policy(
    allow('WhatItsPoliciesSay', ['*'], ['*']),
    ...nowhere(place, configuration, name),
    deny('OtherEnvironments', TAGGED, ['*'], taggedOtherwise(COST_TAG, [name, REGISTRY])),
    deny('OtherProjects', TAGGED, ['*'], taggedOtherwise(PROJECT_TAG, [configuration.project])),
  )

/**
 * What no role of a place may do: change identities, accounts, budgets or the audit trail, hand on a role of another place, or
 * change a parameter of one.
 */
export const nowhere = (place: Place, { project, services }: Configuration, name: string): Statement[] => {
  const { account, region } = place
  const adopted = adoptedRoles(Object.values(services).map((service) => serviceIn(service, name)))
  return [
    deny('Identities', [...IAM_WRITES, 'account:*', 'organizations:*'], ['*']),
    deny(
      'AuditTrail',
      ['cloudtrail:DeleteTrail', 'cloudtrail:PutEventSelectors', 'cloudtrail:StopLogging', 'cloudtrail:UpdateTrail'],
      ['*'],
    ),
    deny('Budgets', ['budgets:ModifyBudget', 'ce:UpdateCostAllocationTagsStatus'], ['*']),
    {
      Sid: 'OtherRoles',
      Effect: 'Deny',
      Action: ['iam:PassRole'],
      NotResource: [`${project}-${name}-*`, ...new Set(Object.values(adopted).flat())].map((role) => roleArn(place, role)),
    },
    {
      Sid: 'OtherRecords',
      Effect: 'Deny',
      Action: RECORD_WRITES,
      NotResource: [`arn:${partition(region).name}:ssm:${region}:${account}:parameter/${project}/${name}/*`],
    },
  ]
}
