import { partition } from '../../../lib/delivery/names.ts'
import { allow, deny, type Place, type PolicyDocument, policy } from './policy.ts'

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

/**
 * The most that any role of a place may do, whatever its own policies say: nothing that changes identities, accounts or the
 * audit trail, and nothing in the records of another environment that shares the account.
 */
export const boundary = ({ account, region }: Place, project: string, place: string): PolicyDocument =>
  policy(
    allow('WhatItsPoliciesSay', ['*'], ['*']),
    deny('Identities', [...IAM_WRITES, 'account:*', 'organizations:*'], ['*']),
    deny(
      'AuditTrail',
      ['cloudtrail:DeleteTrail', 'cloudtrail:PutEventSelectors', 'cloudtrail:StopLogging', 'cloudtrail:UpdateTrail'],
      ['*'],
    ),
    deny('Budgets', ['budgets:ModifyBudget', 'ce:UpdateCostAllocationTagsStatus'], ['*']),
    {
      Sid: 'OtherRecords',
      Effect: 'Deny',
      Action: ['ssm:DeleteParameter', 'ssm:DeleteParameters', 'ssm:PutParameter'],
      NotResource: [`arn:${partition(region).name}:ssm:${region}:${account}:parameter/${project}/${place}/*`],
    },
  )
