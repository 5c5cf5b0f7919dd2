import type { Configuration, Service } from '../../../lib/delivery/configuration.ts'
import { infrastructureNames } from '../../../lib/delivery/names.ts'
import { inNetwork, networkOf } from '../../../lib/delivery/network.ts'
import { serviceIn, stackOf } from '../../../lib/delivery/services.ts'
import { adoptedRoles, passAdopted } from './execution/adopted.ts'
import { budgets } from './execution/budgets.ts'
import { containers } from './execution/containers.ts'
import { domains } from './execution/domains.ts'
import { everyEnvironment } from './execution/every.ts'
import { functions } from './execution/functions.ts'
import { executionLimit } from './execution/limit.ts'
import { machines } from './execution/machines.ts'
import { network } from './execution/network.ts'
import { scheduledCommands } from './execution/schedules.ts'
import type { PolicyDocument, Statement } from './policy.ts'
import { policy } from './policy.ts'

/** A managed policy of CloudFormation's role. A role may have ten. */
export type ExecutionPolicy = { name: string; document: PolicyDocument }

/**
 * What CloudFormation may do in an environment, a policy a subject, and only those that its services need. What has a name is
 * limited by it; what has none by the tags that `executionLimit` denies.
 */
export const executionPolicies = (configuration: Configuration, environment: string): ExecutionPolicy[] => {
  const { project, environments } = configuration
  const place = environments[environment]
  if (place === undefined) throw new Error(`no environment ${environment}`)
  const scope = { place, project, environment }
  const services = madeServices(configuration, environment)
  const adopted = adoptedRoles(services)
  const has = (target: string): boolean => services.some((service) => service.target === target)
  const onMachines = has('ec2') || services.some((service) => service.target === 'ecs' && service.capacity === 'ec2')
  const hasSchedules = services.some((service) => service.target === 'ecs' && Object.keys(service.schedules ?? {}).length > 0)
  const subjects: [string, Statement[]][] = [
    ['', [...everyEnvironment(scope), ...passAdopted(scope, adopted)]],
    ['-network', inNetwork(configuration, environment).length > 0 ? network(scope, networkOf(place).endpoints.length > 0) : []],
    ['-containers', has('ecs') ? containers(scope) : []],
    ['-schedules', hasSchedules ? scheduledCommands(scope) : []],
    ['-machines', onMachines ? machines(scope) : []],
    ['-functions', has('lambda') ? functions(scope, configuration) : []],
    ['-domains', domains(scope, configuration)],
    ['-budgets', place.budgets === undefined ? [] : budgets(scope, place.slack !== undefined)],
  ]
  const { execution } = infrastructureNames(project, environment)
  return subjects
    .filter(([, statements]) => statements.length > 0)
    .map(([subject, statements]) => ({ name: `${execution}${subject}`, document: policy(...statements) }))
}

/** The services whose stacks CloudFormation makes. */
const madeServices = ({ project, services }: Configuration, environment: string): Service[] =>
  Object.entries(services)
    .map(([name, service]) => ({ name, service: serviceIn(service, environment) }))
    .filter(({ name, service }) => stackOf(project, environment, name, service) !== undefined)
    .map(({ service }) => service)

/** See `executionLimit`: the boundary of CloudFormation's role. `identities` are the names of the account's own roles. */
export const executionBoundary = (
  { project, environments, ...rest }: Configuration,
  environment: string,
  identities: readonly string[],
): ExecutionPolicy => {
  const place = environments[environment]
  if (place === undefined) throw new Error(`no environment ${environment}`)
  const { cloudFormation } = infrastructureNames(project, environment)
  const adopted = adoptedRoles(madeServices({ project, environments, ...rest }, environment))
  const document = executionLimit({ place, project, environment }, [...identities, cloudFormation], Object.values(adopted).flat())
  return { name: `${cloudFormation}-boundary`, document }
}

/**
 * Who may be CloudFormation's role: CloudFormation itself. It names the account where it works for one of its extensions; a role
 * can be handed only to the services of its own account anyway.
 */
export const executionTrust = ({ account }: { account: string }) => ({
  Version: '2012-10-17' as const,
  Statement: [
    {
      Effect: 'Allow' as const,
      Principal: { Service: 'cloudformation.amazonaws.com' },
      Action: 'sts:AssumeRole' as const,
      Condition: { StringEqualsIfExists: { 'aws:SourceAccount': account } },
    },
  ],
})
