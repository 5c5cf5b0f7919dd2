import type { Configuration, Environment } from '../../../lib/delivery/configuration.ts'
import { identity } from '../../../lib/delivery/identity.ts'
import {
  COST_TAG,
  infrastructureNames,
  PROJECT_TAG,
  partition,
  REGISTRY,
  repositoryName,
  roleArn,
} from '../../../lib/delivery/names.ts'
import { recordNames } from '../../../lib/delivery/records.ts'
import { Refusal } from '../../../lib/refusal.ts'
import { nowhere, RECORD_WRITES } from './boundary.ts'
import { foreignNames } from './execution/domains.ts'
import { taggedOtherwise } from './execution/limit.ts'
import { verbs } from './execution/scope.ts'
import { allow, arn, deny, type PolicyDocument, policy } from './policy.ts'

/** Becoming somebody else, whom no boundary holds: by STS, by stacks that have roles of their own, by people's sign-in. */
const SOMEBODY_ELSE = [
  ...verbs('sts', 'AssumeRole AssumeRoot GetFederationToken'),
  ...['cloudformation:*', 'identitystore:*', 'rolesanywhere:*', 'sso:*'],
]

/** What keeps data mostly has neither a name nor a tag of ours: services use it, and people make, change and delete it. */
const KEEPERS = [
  ...verbs('rds', 'Add* Copy* Create* Delete* Modify* Promote* Reboot* Remove* Restore* Start* Stop* Switchover*'),
  ...verbs('dynamodb', 'DeleteBackup DeleteTable DeleteResourcePolicy PutResourcePolicy'),
  ...verbs('kms', 'DisableKey PutKeyPolicy ScheduleKeyDeletion'),
  ...verbs('s3', 'DeleteBucket* PutBucket* PutEncryptionConfiguration PutLifecycleConfiguration'),
]

/**
 * The most that a role may do that a stack of the environment makes. Whoever pushes to its branch says what the policies of such
 * a role are, so this holds where they allow everything: it becomes nobody else, brings no stack, writes no record, reaches
 * nothing that another environment or project has by a tag or by a name of ours, and destroys nothing that keeps data.
 */
export const serviceBoundary = (configuration: Configuration, environment: string): PolicyDocument => {
  const { project, environments, registry } = configuration
  const place = environments[environment]
  if (place === undefined) throw new Error(`no environment ${environment}`)
  const others = Object.keys(environments).filter((name) => name !== environment && environments[name]?.account === place.account)
  const roles = identity(configuration).roles.filter((role) => role.environment === environment)
  const delivering = [...roles.map(({ name }) => name), infrastructureNames(project, environment).cloudFormation]
  const { release, hold, lock, infra, image } = recordNames(project, environment)
  const records = [release, hold, lock, infra, image('*'), `/${project}/${environment}/outputs/*`]
  return policy(
    allow('WhatItsPoliciesSay', ['*'], ['*']),
    ...nowhere(place, configuration, environment),
    deny(
      'RolesThatDeliver',
      ['iam:PassRole'],
      delivering.map((name) => roleArn(place, name)),
    ),
    deny('SomebodyElse', SOMEBODY_ELSE, ['*']),
    deny(
      'Records',
      RECORD_WRITES,
      records.map((name) => arn(place, 'ssm', `parameter${name}`)),
    ),
    deny('Images', verbs('ecr', '*Delete* *Upload* Put* Set* Start* TagResource UntagResource Update*'), [
      arn(registry, 'ecr', `repository/${repositoryName(project, '*')}`),
    ]),
    deny('Keepers', KEEPERS, ['*']),
    deny('NamedOtherwise', ['*'], namedOtherwise(project, place, others)),
    ...foreignNames(configuration, environment),
    // Images are in the registry, and every host and task pulls them.
    deny('OtherEnvironments', ['*'], ['*'], taggedOtherwise(COST_TAG, [environment, REGISTRY])),
    deny('OtherProjects', ['*'], ['*'], taggedOtherwise(PROJECT_TAG, [project])),
  )
}

/**
 * What the other environments of the account have, where AWS tells no tags or people make things by hand; wherever they are. The
 * last one is where whoever uses `cdk deploy` leaves templates.
 */
const namedOtherwise = (project: string, { region }: Environment, others: readonly string[]): string[] => {
  const start = `arn:${partition(region).name}`
  const at = (service: string, resource: string): string => `${start}:${service}:*:*:${resource}`
  return [
    ...others.flatMap((other) => [
      at('ssm', `parameter/${project}/${other}/*`),
      at('secretsmanager', `secret:${project}/${other}/*`),
      at('logs', `log-group:/${project}/${other}/*`),
      at('lambda', `function:${project}-${other}-*`),
      `${start}:s3:::${project}-${other}-*`,
    ]),
    `${start}:s3:::cdk-*`,
  ]
}

/** Whom budgets tell is read by a function below this boundary. */
export const checkWebhook = ({ project, environments }: Configuration, environment: string): void => {
  const { slack, budgets, account } = environments[environment] ?? {}
  const owner = Object.keys(environments).find(
    (name) => name !== environment && environments[name]?.account === account && slack?.startsWith(`/${project}/${name}/`),
  )
  if (slack === undefined || budgets === undefined || owner === undefined) return
  throw new Refusal(
    `environments.${environment}.slack is ${slack}, which belongs to ${owner}, and no service of ${environment} may read it; keep the address in a parameter of its own, for example /${project}/${environment}/slack, or in one of both, for example /${project}/slack`,
  )
}
