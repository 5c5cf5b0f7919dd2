import type { Configuration } from './configuration.ts'

/** Environments from which nothing is promoted further: where the users are. */
export const lastEnvironments = ({ environments }: Configuration): string[] => {
  const upstream = new Set(Object.values(environments).map(({ promotesFrom }) => promotesFrom))
  return Object.keys(environments).filter((name) => !upstream.has(name))
}

/** Whether stacks of the environment cannot be deleted and what they keep outlives them. */
export const isProtected = (configuration: Configuration, environment: string): boolean =>
  configuration.environments[environment]?.protect ?? lastEnvironments(configuration).includes(environment)
