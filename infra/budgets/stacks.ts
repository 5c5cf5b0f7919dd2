import { Annotations, type App } from 'aws-cdk-lib'
import { budgetsRegion } from '../../lib/delivery/budgets.ts'
import { stackName } from '../../lib/delivery/names.ts'
import type { EnvironmentProps } from '../stack.ts'
import { BudgetsStack } from './budgets.ts'

/** None where `delivery.json` has no budgets, nor in GovCloud, whose costs are billed to another account. */
export const budgetsStacks = (app: App, props: EnvironmentProps): void => {
  const { configuration, environment, place } = props
  const region = budgetsRegion(environment.region)
  if (environment.budgets === undefined) return
  if (region === undefined) {
    const message = `the budgets of ${place} are not made: GovCloud is billed to another account, make them there`
    Annotations.of(app).addWarningV2(`slipway:no-budgets-in-${place}`, message)
    return
  }
  new BudgetsStack(app, {
    ...props,
    region,
    budgets: environment.budgets,
    ...(environment.slack !== undefined && { slack: { parameter: environment.slack, region: environment.region } }),
    stackName: stackName(configuration.project, place, 'budgets'),
    description: `budgets of ${configuration.project} in ${place}`,
  })
}
