import type { Configuration, Service } from '../../../lib/delivery/configuration.ts'
import { environmentNames, roleArn, serviceNames } from '../../../lib/delivery/names.ts'
import { ecsPlace, serviceIn } from '../../../lib/delivery/services.ts'
import { allow, arn, type Place, type Statement } from './policy.ts'

type Ecs = Extract<Service, { target: 'ecs' }>

/** One service on ECS by the names that it has in AWS. */
type Named = { cluster: string; service: string; family: string; roles: string[] }

const named = (project: string, environment: string, key: string, service: Ecs): Named => {
  const { names } = service
  const { cluster, service: name } = ecsPlace(project, environment, key, service)
  // Also those of a service that is added later, so that nobody has to widen the role first.
  const derived = serviceNames(project, environment, '*')
  // An existing service has the roles that it has: those that nobody named are not passed on.
  const roles = names?.service
    ? [names.role, names.executionRole]
    : [names?.role ?? derived.taskRole, names?.executionRole ?? derived.executionRole]
  const family = names?.family ?? names?.service ?? derived.family
  return { cluster, service: name, family, roles: roles.filter((role) => role !== undefined) }
}

const namedServices = ({ project, services }: Configuration, environment: string): Named[] =>
  Object.entries(services).flatMap(([key, declared]) => {
    const service = serviceIn(declared, environment)
    return service.target === 'ecs' ? [named(project, environment, key, service)] : []
  })

/** In our own cluster every service is ours; in another one only those that are named. */
const resources = (place: Place, own: string, services: Named[], kind: string, each = ''): string[] =>
  unique(
    services.map(({ cluster, service }) =>
      arn(place, 'ecs', `${kind}/${cluster}/${cluster === own ? '*' : `${service}${each}`}`),
    ),
  )

const unique = (texts: string[]): string[] => [...new Set(texts)]

const clusters = (place: Place, services: Named[]) => ({
  ArnEquals: { 'ecs:cluster': unique(services.map(({ cluster }) => arn(place, 'ecs', `cluster/${cluster}`))) },
})

const tasks = (place: Place, services: Named[]): string[] =>
  unique(services.map(({ cluster }) => arn(place, 'ecs', `task/${cluster}/*`)))

export const deployToEcs = (configuration: Configuration, environment: string, place: Place): Statement[] => {
  const services = namedServices(configuration, environment)
  if (services.length === 0) return []
  const { cluster } = environmentNames(configuration.project, environment)
  const families = unique(services.map(({ family }) => arn(place, 'ecs', `task-definition/${family}:*`)))
  const roles = unique(services.flatMap((service) => service.roles))
  return [
    allow(
      'EcsServices',
      ['ecs:DescribeServices', 'ecs:ListServiceDeployments', 'ecs:UpdateService'],
      resources(place, cluster, services, 'service'),
    ),
    allow(
      'EcsDeployments',
      ['ecs:DescribeServiceDeployments', 'ecs:DescribeServiceRevisions', 'ecs:StopServiceDeployment'],
      [
        ...resources(place, cluster, services, 'service'),
        ...resources(place, cluster, services, 'service-deployment', '/*'),
        ...resources(place, cluster, services, 'service-revision', '/*'),
      ],
    ),
    allow('EcsRevisions', ['ecs:RegisterTaskDefinition'], families),
    // A new revision keeps the tags of the one that it is made from.
    allow('EcsTagRevisions', ['ecs:TagResource'], families, { StringEquals: { 'ecs:CreateAction': 'RegisterTaskDefinition' } }),
    // AWS knows no narrower resource for it.
    allow('EcsReadRevisions', ['ecs:DescribeTaskDefinition'], ['*']),
    allow('EcsRun', ['ecs:RunTask'], families, clusters(place, services)),
    allow('EcsTasks', ['ecs:DescribeTasks', 'ecs:StopTask'], tasks(place, services)),
    allow('EcsListTasks', ['ecs:ListTasks'], ['*'], clusters(place, services)),
    ...(roles.length === 0
      ? []
      : [
          allow(
            'EcsPassRoles',
            ['iam:PassRole'],
            roles.map((role) => roleArn(place, role)),
            {
              StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
            },
          ),
        ]),
    allow(
      'EcsLogs',
      ['logs:GetLogEvents'],
      [arn(place, 'logs', `log-group:/${configuration.project}/${environment}/*:log-stream:*`)],
    ),
  ]
}

/** What is live against what is recorded. */
export const readEcs = (configuration: Configuration, environment: string, place: Place): Statement[] => {
  const services = namedServices(configuration, environment)
  if (services.length === 0) return []
  const { cluster } = environmentNames(configuration.project, environment)
  return [
    allow('EcsServices', ['ecs:DescribeServices'], resources(place, cluster, services, 'service')),
    allow('EcsTasks', ['ecs:DescribeTasks'], tasks(place, services)),
    allow('EcsListTasks', ['ecs:ListTasks'], ['*'], clusters(place, services)),
  ]
}
