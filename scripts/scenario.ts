import { readFileSync } from 'node:fs'
import { permissionsOf } from '../infra/identity/permissions/permissions.ts'
import type { Configuration, Environment, Service } from '../lib/delivery/configuration.ts'
import { identity, type Role } from '../lib/delivery/identity.ts'
import { jobEnvironment, partition, REGISTRY, repositoryName, roleArn, roleName, serviceNames } from '../lib/delivery/names.ts'
import { parseConfiguration } from '../lib/delivery/parse.ts'
import { ecsPlace, lambdaPlace, serviceIn } from '../lib/delivery/services.ts'
import { Refusal } from '../lib/refusal.ts'
import type { EnvironmentSetting, FunctionSetting, Setting } from '../local/demo/setting.ts'
import type { ScenarioRepository, ScenarioRole } from '../local/scenario.ts'
import { hostDocumentSetting, hostRoleOf, hostSettings } from './host-setting.ts'

/** Prints as JSON what a delivery.json says of accounts, roles, repositories and services: `node scripts/scenario.ts delivery.json`. */
const setting = (configuration: Configuration): Setting => {
  const { project, repository, registry, environments } = configuration
  const { accounts, roles } = identity(configuration)
  return {
    project,
    scenario: {
      accounts,
      roles: [...roles.map((role) => permitted(configuration, role)), ...hostRoles(configuration)],
      repositories: Object.keys(configuration.images).map((image) => imageRepository(configuration, image)),
    },
    repository: {
      owner: repository.owner,
      ownerId: repository.ownerId,
      repository: repository.name,
      repositoryId: repository.id,
      subject: repository.subject ?? 'immutable',
    },
    registry,
    build: { role: roleArn(registry, roleName(project, REGISTRY, 'build')), environment: jobEnvironment(REGISTRY, 'build') },
    environments: upstreamFirst(environments).map(([name, environment]) => environmentSetting(configuration, name, environment)),
  }
}

const pull = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']

const functionsOf = (region: string, account: string, project: string): string =>
  `arn:${partition(region).name}:lambda:${region}:${account}:function:${project}-*`

/**
 * A role with the permissions that infrastructure gives it. The role for budgets may do more here: the demonstration keeps the address of
 * its own Slack under a name that no delivery.json has.
 */
const permitted = (configuration: Configuration, role: Role): ScenarioRole => ({
  arn: role.arn,
  trust: role.trust,
  ...(role.purpose !== 'budget' && { policies: [permissionsOf(configuration, role)] }),
})

/** Tags never move; Lambda may read for the project's functions; the accounts of the environments may read, and may put a further tag on what is there. */
const imageRepository = ({ project, registry, environments }: Configuration, image: string): ScenarioRepository => {
  const readers = [...new Set(Object.values(environments).map(({ account }) => account))]
  return {
    ...registry,
    name: repositoryName(project, image),
    tagMutability: 'IMMUTABLE',
    policy: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: readers.map((account) => `arn:${partition(registry.region).name}:iam::${account}:root`) },
          Action: [...pull, 'ecr:DescribeImages', 'ecr:GetLifecyclePolicy', 'ecr:PutImage'],
        },
        {
          Effect: 'Allow',
          Principal: { Service: 'lambda.amazonaws.com' },
          Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
          Condition: { ArnLike: { 'aws:sourceArn': readers.map((account) => functionsOf(registry.region, account, project)) } },
        },
      ],
    },
  }
}

const upstreamFirst = (environments: Configuration['environments']): [string, Environment][] => {
  const depth = ({ promotesFrom }: Environment): number => {
    const upstream = promotesFrom === undefined ? undefined : environments[promotesFrom]
    return upstream === undefined ? 0 : 1 + depth(upstream)
  }
  return Object.entries(environments).toSorted(([, one], [, other]) => depth(one) - depth(other))
}

const environmentSetting = (configuration: Configuration, name: string, environment: Environment): EnvironmentSetting => {
  const { project, services } = configuration
  const { branch, account, region, promotesFrom } = environment
  const here = Object.entries(services).map(([key, declared]): [string, Service] => [key, serviceIn(declared, name)])
  return {
    name,
    branch,
    account,
    region,
    promotesFrom,
    functions: here.flatMap(([key, service]) =>
      service.target === 'lambda' ? functionSettings(project, name, key, service) : [],
    ),
    hosts: here.flatMap(([key, service]) => (service.target === 'ec2' ? hostSettings(configuration, name, key, service) : [])),
    document: hostDocumentSetting(configuration, name),
    services: here.flatMap(([key, service]) => {
      if (service.target !== 'ecs') return []
      const { image, port, health, cpu = 256, memory = 512, count = 1, variables = {} } = service
      const { family, logGroup } = serviceNames(project, name, key)
      const own = variablesOf(name, key, variables)
      const place = ecsPlace(project, name, key, service)
      return [{ name: key, image, ...place, family, logGroup, port, health, cpu, memory, count, variables: own }]
    }),
  }
}

const hostRoles = (configuration: Configuration): ScenarioRole[] =>
  Object.keys(configuration.environments).flatMap((name) =>
    Object.entries(configuration.services).flatMap(([key, service]) =>
      service.target === 'ec2' ? [hostRoleOf(configuration, name, key, service)] : [],
    ),
  )

const variablesOf = (environment: string, service: string, variables: Record<string, string> = {}) => ({
  SERVICE: service,
  ENVIRONMENT: environment,
  ...variables,
})

type Lambda = Extract<Service, { target: 'lambda' }>

const functionSettings = (project: string, environment: string, key: string, service: Lambda): FunctionSetting[] => {
  const { functions, alias } = lambdaPlace(project, environment, key, service)
  const { image, memory = 512, variables } = service
  const own = variablesOf(environment, key, variables)
  return functions.map(({ name, command }) => ({ service: key, image, name, alias, command, memory, variables: own }))
}

try {
  const [path = 'delivery.json'] = process.argv.slice(2)
  console.log(JSON.stringify(setting(parseConfiguration(readFileSync(path, 'utf8'), path)), undefined, 2))
} catch (error) {
  const isExpected = error instanceof Refusal || (error instanceof Error && 'code' in error)
  if (!isExpected) throw error
  console.error(error.message)
  process.exitCode = 1
}
