import { infrastructureNames } from '../../../../lib/delivery/names.ts'
import { allow, arn, type Statement } from '../policy.ts'
import { iam, own, regionsOf, type Scope, verbs } from './scope.ts'

/** What the stacks of every environment need: roles below the boundary, log groups, what they publish. */
export const everyEnvironment = (scope: Scope): Statement[] => {
  const { place, project, environment } = scope
  const roles = [iam(scope, `role/${project}-${environment}-*`)]
  const { serviceBoundary } = infrastructureNames(project, environment)
  return [
    allow('RolesBelowTheBoundary', verbs('iam', 'CreateRole PutRolePolicy PutRolePermissionsBoundary'), roles, {
      StringEquals: { 'iam:PermissionsBoundary': iam(scope, `policy/${serviceBoundary}`) },
    }),
    allow(
      'Roles',
      verbs(
        'iam',
        'DeleteRole DeleteRolePolicy GetRole GetRolePolicy ListAttachedRolePolicies ListRolePolicies TagRole UntagRole UpdateAssumeRolePolicy UpdateRole UpdateRoleDescription',
      ),
      roles,
    ),
    allow(
      'Logs',
      ['logs:*'],
      regionsOf(place).map((region) => arn({ ...place, region }, 'logs', `log-group:/${project}/${environment}/*`)),
    ),
    allow('FindLogs', ['logs:DescribeLogGroups'], ['*']),
    allow(
      'Parameters',
      verbs('ssm', 'AddTagsToResource DeleteParameter GetParameter* ListTagsForResource PutParameter RemoveTagsFromResource'),
      [arn(place, 'ssm', `parameter/${project}/${environment}/outputs/*`)],
    ),
    allow('FindParameters', ['ssm:DescribeParameters'], ['*']),
    allow('Records', ['ssm:GetParameters'], [arn(place, 'ssm', `parameter/${project}/${environment}/*`)]),
    allow('OwnAlarms', verbs('cloudwatch', 'DeleteAlarms ListTagsForResource PutMetricAlarm TagResource UntagResource'), [
      own(scope, 'cloudwatch', 'alarm:'),
    ]),
    allow('FindAlarms', ['cloudwatch:DescribeAlarms'], ['*']),
  ]
}
