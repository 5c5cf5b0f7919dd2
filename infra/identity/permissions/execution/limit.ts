import { COST_TAG, infrastructureNames, PROJECT_TAG, REGISTRY } from '../../../../lib/delivery/names.ts'
import { allow, arn, type Condition, deny, type PolicyDocument, policy } from '../policy.ts'
import { iam, type Scope, verbs } from './scope.ts'

/**
 * The most that CloudFormation's role may do, whatever its policies say: nothing to who may do what, to the records, to another
 * project or environment, to accounts and their audit trail. `identities` are the roles that the administrator made, `adopted`
 * those that services have from elsewhere.
 */
export const executionLimit = (scope: Scope, identities: readonly string[], adopted: readonly string[] = []): PolicyDocument => {
  const { place, project, environment } = scope
  const { serviceBoundary } = infrastructureNames(project, environment)
  const below = { StringNotEquals: { 'iam:PermissionsBoundary': iam(scope, `policy/${serviceBoundary}`) } }
  return policy(
    allow('WhatItsPoliciesSay', ['*'], ['*']),
    deny('NotItself', ['iam:*'], [...identities.map((name) => iam(scope, `role/${name}`)), iam(scope, 'policy/*')]),
    {
      Sid: 'OwnRolesAlone',
      Effect: 'Deny',
      Action: ['iam:*'],
      NotResource: [
        ...['role', 'instance-profile'].map((kind) => iam(scope, `${kind}/${project}-${environment}-*`)),
        ...adopted.map((name) => iam(scope, `role/${name}`)),
      ],
    },
    deny('BelowTheBoundary', verbs('iam', 'CreateRole PutRolePermissionsBoundary'), ['*'], below),
    deny('KeepsTheBoundary', ['iam:DeleteRolePermissionsBoundary'], ['*']),
    deny('Accounts', ['account:*', 'cloudtrail:*', 'organizations:*', 'sts:AssumeRole'], ['*']),
    {
      Sid: 'NoRecord',
      Effect: 'Deny',
      Action: verbs('ssm', 'DeleteParameter DeleteParameters LabelParameterVersion PutParameter'),
      NotResource: [arn(place, 'ssm', `parameter/${project}/${environment}/outputs/*`)],
    },
    ...[
      { Sid: 'OtherProjects', key: PROJECT_TAG, owners: [project] },
      // Images are in the registry, and functions are made from them.
      { Sid: 'OtherEnvironments', key: COST_TAG, owners: [environment, REGISTRY] },
    ].map(({ Sid, key, owners }) => deny(Sid, ['*'], ['*'], taggedOtherwise(key, owners))),
  )
}

/** Holds of what carries the tag with the name of another owner; what carries no such tag belongs to nobody here. */
export const taggedOtherwise = (key: string, owners: string[]): Condition => ({
  StringNotEquals: { [`aws:ResourceTag/${key}`]: owners },
  Null: { [`aws:ResourceTag/${key}`]: 'false' },
})
