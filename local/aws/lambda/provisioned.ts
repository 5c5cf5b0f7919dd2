import { AwsError } from '../service.ts'
import { conflict, type Engine, functionArn, invalid, type LambdaFunction, noAlias, notFound, type Provisioned } from './model.ts'
import { inFunction } from './operations.ts'

const describe = ({ requested, status, reason }: Provisioned) => ({
  RequestedProvisionedConcurrentExecutions: requested,
  AllocatedProvisionedConcurrentExecutions: status === 'READY' ? requested : 0,
  AvailableProvisionedConcurrentExecutions: status === 'READY' ? requested : 0,
  Status: status,
  ...(reason !== undefined && { StatusReason: reason }),
})

/** Allocates anew, for what the alias points at now. */
export const allocate = (engine: Engine, found: LambdaFunction, qualifier: string, requested: number): Provisioned => {
  const provisioned: Provisioned = { requested, status: 'IN_PROGRESS' }
  found.provisioned.set(qualifier, provisioned)
  engine.later(engine.pace.provisioning, () => {
    provisioned.status = found.provisioningFails === undefined ? 'READY' : 'FAILED'
    provisioned.reason = found.provisioningFails
  })
  return provisioned
}

const requireQualifier = (found: LambdaFunction, qualifier = '', latest: string): void => {
  if (qualifier === '$LATEST') throw invalid(latest)
  const isNumber = /^[0-9]+$/.test(qualifier)
  if (isNumber ? found.versions.has(qualifier) : found.aliases.has(qualifier)) return
  throw (isNumber ? notFound : noAlias)(functionArn(found.place, found.name, qualifier))
}

/** A version is provisioned by its number or by one alias, not by both. */
const requireFree = ({ aliases, provisioned }: LambdaFunction, qualifier: string): void => {
  const alias = aliases.get(qualifier)
  if (alias?.RoutingConfig) throw invalid('Alias with weights can not be used with Provisioned Concurrency')
  if (alias && provisioned.has(alias.FunctionVersion ?? ''))
    throw conflict("Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version")
  if (!alias && [...provisioned.keys()].some((each) => aliases.get(each)?.FunctionVersion === qualifier))
    throw conflict('Version is pointed by a Provisioned Concurrency alias')
}

export const provisionedOperations = (engine: Engine) => {
  const on = inFunction(engine)
  const path = '/2019-09-30/functions/{FunctionName}/provisioned-concurrency'
  return {
    ...on('ListProvisionedConcurrencyConfigs', ['GET', `${path}?List=ALL`, 200], (found) => ({
      ProvisionedConcurrencyConfigs: [...found.provisioned].map(([qualifier, provisioned]) => ({
        FunctionArn: functionArn(found.place, found.name, qualifier),
        ...describe(provisioned),
      })),
    })),

    ...on('GetProvisionedConcurrencyConfig', ['GET', path, 200], (found, { Qualifier = '' }) => {
      requireQualifier(found, Qualifier, 'The function resource provided must be an alias or a published version.')
      const provisioned = found.provisioned.get(Qualifier)
      if (provisioned) return describe(provisioned)
      const message = 'No Provisioned Concurrency Config found for this function'
      throw new AwsError('ProvisionedConcurrencyConfigNotFoundException', message, 404, { Type: 'User' })
    }),

    ...on('PutProvisionedConcurrencyConfig', ['PUT', path, 202], (found, input) => {
      const { Qualifier = '', ProvisionedConcurrentExecutions: requested = 0 } = input
      requireQualifier(found, Qualifier, 'Provisioned Concurrency Configs cannot be applied to unpublished function versions.')
      requireFree(found, Qualifier)
      return describe(allocate(engine, found, Qualifier, requested))
    }),
  }
}
