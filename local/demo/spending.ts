import { type AccountBudgets, budgetsService } from '../aws/budgets.ts'
import { type AccountCosts, costExplorerService } from '../aws/cost-explorer.ts'
import { costYear } from '../aws/cost-year.ts'
import type { Service } from '../aws/service.ts'

/** What each environment costs against the first, and its monthly limit as a share of what its month will cost. */
const HABITS = [
  { scale: 0.12, room: 1.6 },
  { scale: 0.2, room: 1.25 },
  { scale: 1, room: 0.86 },
]

const day = (time: number): string => new Date(time).toISOString().slice(0, 10)

/** A year of costs for each account, and a budget that fits or does not; nobody here spends anything. */
export const spending = (environments: { name: string; account: string }[], project: string): Service[] => {
  const now = Date.now()
  const today = day(now)
  const month = `${today.slice(0, 8)}01`
  const left =
    new Date(Date.UTC(new Date(now).getUTCFullYear(), new Date(now).getUTCMonth() + 1, 0)).getUTCDate() -
    Number(today.slice(8)) +
    1
  const budgets: Record<string, AccountBudgets> = {}
  const costs: Record<string, AccountCosts> = {}
  for (const [index, { name, account }] of environments.entries()) {
    const { scale, room } = HABITS[index % HABITS.length] ?? { scale: 1, room: 1 }
    const entries = costYear(today, index + 1, scale)
    const perDay = (total(entries.slice(-70)) / 7) * 1.02
    const spent = total(entries.filter((entry) => entry.day >= month))
    const forecast = spent + perDay * left
    costs[account] = { entries, estimatedFrom: month, forecastPerDay: perDay }
    budgets[account] = {
      budgets: [
        ...(budgets[account]?.budgets ?? []),
        {
          BudgetName: `${project}-${name}-month`,
          BudgetType: 'COST',
          TimeUnit: 'MONTHLY',
          BudgetLimit: { Amount: String(Math.round((forecast * room) / 10) * 10), Unit: 'USD' },
          CalculatedSpend: {
            ActualSpend: { Amount: spent.toFixed(10), Unit: 'USD' },
            ForecastedSpend: { Amount: forecast.toFixed(10), Unit: 'USD' },
          },
        },
      ],
    }
  }
  return [budgetsService(budgets), costExplorerService(costs, () => now)]
}

const total = (entries: { amount: string }[]): number => entries.reduce((sum, { amount }) => sum + Number(amount), 0)
