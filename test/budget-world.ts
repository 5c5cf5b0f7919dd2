import { join } from 'node:path'
import type { Budget } from '@aws-sdk/client-budgets'
import { type AccountBudgets, budgetsService } from '../local/aws/budgets.ts'
import { type AccountCosts, costExplorerService } from '../local/aws/cost-explorer.ts'
import { costYear } from '../local/aws/cost-year.ts'
import type { Fault } from '../local/aws/faults.ts'
import { startCloud } from '../local/cloud.ts'
import { runAction, type Step } from '../local/github/step.ts'
import type { ScenarioRole } from '../local/scenario.ts'
import { type SlackOptions, startSlack } from '../local/slack/inbox.ts'

const SOURCE = join(import.meta.dirname, '..', 'actions', 'budget-report', 'src', 'main.ts')

export const account = '444444444444'

export const today = (): string => new Date().toISOString().slice(0, 10)

/** A monthly budget as AWS has it. */
export const budget = (over: Partial<Budget> = {}): Budget => ({
  BudgetName: 'shop-prod-month',
  BudgetType: 'COST',
  TimeUnit: 'MONTHLY',
  BudgetLimit: { Amount: '1000', Unit: 'USD' },
  CalculatedSpend: {
    ActualSpend: { Amount: '512.4430000000000229192664846', Unit: 'USD' },
    ForecastedSpend: { Amount: '1204.5', Unit: 'USD' },
  },
  ...over,
})

export type BudgetWorldOptions = {
  budgets?: Record<string, AccountBudgets>
  costs?: Record<string, AccountCosts>
  slack?: SlackOptions
  faults?: Fault[]
  roles?: ScenarioRole[]
}

/** An account with a budget and a year of costs, and a Slack. */
export const startBudgetWorld = async (options: BudgetWorldOptions = {}) => {
  const budgets = options.budgets ?? { [account]: { budgets: [budget()] } }
  const costs = options.costs ?? { [account]: { entries: costYear(today()), estimatedFrom: today().slice(0, 8) } }
  const accounts = [...new Set([account, ...Object.keys(budgets), ...Object.keys(costs)])]
  const slack = await startSlack(options.slack)
  const cloud = await startCloud({
    scenario: { accounts, roles: options.roles ?? [] },
    ...(options.faults && { faults: options.faults }),
    services: () => [budgetsService(budgets), costExplorerService(costs, Date.now)],
  })
  const { accessKeyId, secretAccessKey } = cloud.adminKey(account)
  const env = { AWS_ENDPOINT_URL: cloud.endpoint, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
  const inputs = { environment: 'prod', 'aws-account-id': account, 'allow-hosts': slack.host, 'slack-webhook': slack.webhook }
  return {
    cloud,
    slack,
    env,
    inputs,
    /** Runs the action; an input that is given as an empty text is left out, as the runner does. */
    report: (more: Record<string, string> = {}, moreEnv: Record<string, string> = {}): Promise<Step> =>
      runAction('budget-report', { ...inputs, ...more }, { entry: SOURCE, env: { ...env, ...moreEnv } }),
    calls: (): string[] => cloud.recorder.calls({}).map(({ service, operation }) => `${service}:${operation}`),
    close: async () => {
      await slack.close()
      await cloud.close()
    },
  }
}
