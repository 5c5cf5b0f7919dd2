import { randomUUID } from 'node:crypto'
import type { AliasConfiguration, AliasRoutingConfiguration } from '@aws-sdk/client-lambda'
import { page } from '../pages.ts'
import { AwsError } from '../service.ts'
import {
  conflict,
  type Engine,
  findVersion,
  functionArn,
  invalid,
  type LambdaFunction,
  noAlias,
  notFound,
  requireRevision,
} from './model.ts'
import { inFunction } from './operations.ts'
import { allocate } from './provisioned.ts'

const constraint = (value: string, at: string, rule: string): AwsError =>
  new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${value}' at '${at}' failed to satisfy constraint: ${rule}`,
  )

/** Rules: https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html; an empty map is no routing at all. */
const routing = (
  found: LambdaFunction,
  main: string,
  config: AliasRoutingConfiguration | undefined,
): AliasRoutingConfiguration | undefined => {
  const weights = Object.entries(config?.AdditionalVersionWeights ?? {})
  if (weights.length === 0) return undefined
  if (weights.length > 1) throw invalid('Number of items in AdditionalVersionWeights cannot be greater than 1')
  for (const [version, weight] of weights) {
    const at = 'routingConfig.additionalVersionWeights'
    const value = `{${version}=${weight}}`
    if (weight < 0 || weight > 1) {
      const rule = '[Member must have value less than or equal to 1.0, Member must have value greater than or equal to 0.0]'
      throw constraint(value, at, `Map value must satisfy constraint: ${rule}`)
    }
    if (version === main)
      throw invalid(`Invalid function version ${main}. Function version ${main} is already included in routing configuration.`)
    if (main === '$LATEST') throw invalid('$LATEST is not supported for an alias pointing to more than 1 version')
    if (!/^[0-9]+$/.test(version))
      throw constraint(value, at, 'Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [0-9]+]')
    if (!found.versions.has(version)) throw notFound(functionArn(found.place, found.name, version))
    const roles = [main, version].map((each) => findVersion(found, each).configuration.Role)
    if (roles[0] !== roles[1]) throw invalid('The execution role for both versions must be the same')
  }
  return { AdditionalVersionWeights: Object.fromEntries(weights) }
}

const requireVersion = (found: LambdaFunction, version: string): void => {
  if (version !== '$LATEST' && !found.versions.has(version)) throw notFound(functionArn(found.place, found.name, version))
}

const aliasOf = (found: LambdaFunction, name: string, error = noAlias): AliasConfiguration => {
  const alias = found.aliases.get(name)
  if (alias === undefined) throw error(functionArn(found.place, found.name, name))
  return alias
}

const noAliasToUpdate = (arn: string): AwsError =>
  new AwsError('ResourceNotFoundException', `Alias not found: ${arn}`, 404, { Type: 'User' })

export const aliasOperations = (engine: Engine) => {
  const on = inFunction(engine)
  const all = '/2015-03-31/functions/{FunctionName}/aliases'
  const one = `${all}/{Name}`
  return {
    ...on('CreateAlias', ['POST', all, 201], (found, { Name = '', FunctionVersion = '', Description = '', RoutingConfig }) => {
      if (!/^(?!^[0-9]+$)([a-zA-Z0-9-_]+)$/.test(Name)) {
        const rule = 'Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)'
        throw constraint(Name, 'name', rule)
      }
      requireVersion(found, FunctionVersion)
      const AliasArn = functionArn(found.place, found.name, Name)
      const routed = routing(found, FunctionVersion, RoutingConfig)
      if (found.aliases.has(Name)) throw conflict(`Alias already exists: ${AliasArn}`)
      const alias = { AliasArn, Name, FunctionVersion, Description, RevisionId: randomUUID() }
      found.aliases.set(Name, { ...alias, ...(routed && { RoutingConfig: routed }) })
      return found.aliases.get(Name)
    }),

    ...on('GetAlias', ['GET', one, 200], (found, { Name = '' }) => aliasOf(found, Name)),

    ...on('UpdateAlias', ['PUT', one, 200], (found, { Name = '', RevisionId, ...changes }) => {
      const alias = aliasOf(found, Name, noAliasToUpdate)
      requireRevision(RevisionId, alias)
      const { FunctionVersion = alias.FunctionVersion ?? '', Description = alias.Description } = changes
      requireVersion(found, FunctionVersion)
      // Left out it stays as it is; only an empty map takes it away.
      const routed = routing(found, FunctionVersion, changes.RoutingConfig ?? alias.RoutingConfig)
      const provisioned = found.provisioned.get(Name)
      if (provisioned && routed) throw invalid('Alias with weights can not be used with Provisioned Concurrency')
      const { RoutingConfig: _, ...rest } = alias
      const updated = {
        ...rest,
        FunctionVersion,
        Description,
        RevisionId: randomUUID(),
        ...(routed && { RoutingConfig: routed }),
      }
      found.aliases.set(Name, updated)
      if (provisioned && FunctionVersion !== alias.FunctionVersion) allocate(engine, found, Name, provisioned.requested)
      return updated
    }),

    ...on('DeleteAlias', ['DELETE', one, 204], (found, { Name = '' }) => {
      found.aliases.delete(Name)
      found.provisioned.delete(Name)
    }),

    ...on('ListAliases', ['GET', all, 200], (found, { FunctionVersion, Marker, MaxItems }) => {
      const routes = ({ FunctionVersion: main, RoutingConfig }: AliasConfiguration) =>
        main === FunctionVersion || RoutingConfig?.AdditionalVersionWeights?.[FunctionVersion ?? ''] !== undefined
      const aliases = [...found.aliases.values()].filter((alias) => FunctionVersion === undefined || routes(alias))
      const { items: Aliases, nextToken: NextMarker } = page(aliases, Math.min(Number(MaxItems ?? 50), 50), Marker)
      return { Aliases, NextMarker }
    }),
  }
}
