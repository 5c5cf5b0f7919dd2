import type { Environment } from '../../../lib/delivery/configuration.ts'
import { partition } from '../../../lib/delivery/names.ts'
import { allow, type PolicyDocument, policy } from './policy.ts'
import { readWebhook } from './records.ts'

/** Budgets first, which are free; Cost Explorer for the rest, which knows no narrower resource. */
export const budgetPermissions = (place: Environment): PolicyDocument =>
  policy(
    allow('Budgets', ['budgets:ViewBudget'], [`arn:${partition(place.region).name}:budgets::${place.account}:budget/*`]),
    allow('Costs', ['ce:GetAnomalies', 'ce:GetCostAndUsage', 'ce:GetCostForecast'], ['*']),
    ...readWebhook(place, place.slack),
  )
