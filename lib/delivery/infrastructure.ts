import { budgetsRegion } from './budgets.ts'
import type { Configuration } from './configuration.ts'
import { serviceIn, stackOf } from './services.ts'

/**
 * Whether infrastructure makes anything in an environment that the pipeline deploys: not where every service exists already, and
 * nobody asks for a budget.
 */
export const hasInfrastructure = ({ project, environments, services }: Configuration, environment: string): boolean => {
  const place = environments[environment]
  const hasBudget = place?.budgets !== undefined && budgetsRegion(place.region) !== undefined
  return (
    hasBudget ||
    Object.entries(services).some(
      ([name, service]) => stackOf(project, environment, name, serviceIn(service, environment)) !== undefined,
    )
  )
}
