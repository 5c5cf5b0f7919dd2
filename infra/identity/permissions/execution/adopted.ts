import type { Service } from '../../../../lib/delivery/configuration.ts'
import { allow, type Statement } from '../policy.ts'
import { iam, type Scope } from './scope.ts'

/** As what EC2 gets a role: in China it has another name. */
export const EC2 = ['ec2.amazonaws.com', 'ec2.amazonaws.com.cn']

const RUNS = { ecs: 'ecs-tasks.amazonaws.com', lambda: 'lambda.amazonaws.com', ec2: EC2 }

/** Names of roles that services are said to have and nobody here makes, by target. */
export const adoptedRoles = (services: readonly Service[]): Record<Service['target'], string[]> => {
  const of = (target: Service['target']): string[] => {
    const given = services
      .filter((service) => service.target === target)
      .flatMap(({ names }) => [names?.role, names !== undefined && 'executionRole' in names ? names.executionRole : undefined])
    return [...new Set(given.filter((name): name is string => typeof name === 'string'))].toSorted()
  }
  return { ecs: of('ecs'), lambda: of('lambda'), ec2: of('ec2') }
}

/** They are handed to what runs the service, and never changed. */
export const passAdopted = (scope: Scope, roles: Record<Service['target'], string[]>): Statement[] =>
  (['ecs', 'lambda', 'ec2'] as const)
    .filter((target) => roles[target].length > 0)
    .map((target) =>
      allow(
        `PassAdopted${target}`,
        ['iam:PassRole'],
        roles[target].map((name) => iam(scope, `role/${name}`)),
        { StringEquals: { 'iam:PassedToService': RUNS[target] } },
      ),
    )
