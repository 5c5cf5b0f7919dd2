import type { Configuration, Environment } from '../../../lib/delivery/configuration.ts'
import type { Branches } from '../../../lib/delivery/gates/bring-back.ts'
import { isLast } from '../../../lib/delivery/gates/hotfix.ts'

export const placeOf = ({ environments }: Configuration, environment: string): Environment => {
  const place = environments[environment]
  if (place === undefined) throw new Error(`environment ${environment} is not in the configuration`)
  return place
}

/** Environments that promote from this one, directly or by way of others. */
export const downstreamOf = (configuration: Configuration, environment: string): string[] =>
  Object.entries(configuration.environments)
    .filter(([, { promotesFrom }]) => promotesFrom === environment)
    .flatMap(([name]) => [name, ...downstreamOf(configuration, name)])

/** This environment, and those by way of which a release comes here. */
export const upTo = (configuration: Configuration, environment: string): string[] => {
  const { promotesFrom } = placeOf(configuration, environment)
  return promotesFrom === undefined ? [environment] : [environment, ...upTo(configuration, promotesFrom)]
}

/** Branch where what comes to this environment enters. */
export const entryOf = (configuration: Configuration, environment: string): string => {
  const { branch, promotesFrom } = placeOf(configuration, environment)
  return promotesFrom === undefined ? branch : entryOf(configuration, promotesFrom)
}

/** The environment that is promoted from, and the branches of the way; undefined where images enter here. */
export const wayTo = (
  configuration: Configuration,
  environment: string,
): { upstream: { environment: string; branch: string }; branches: Branches } | undefined => {
  const { branch: own, promotesFrom } = placeOf(configuration, environment)
  if (promotesFrom === undefined) return undefined
  const { branch } = placeOf(configuration, promotesFrom)
  const entry = entryOf(configuration, environment)
  return {
    upstream: { environment: promotesFrom, branch },
    branches: { entry, upstream: branch, own, isLast: isLast(environment, configuration.environments) },
  }
}
