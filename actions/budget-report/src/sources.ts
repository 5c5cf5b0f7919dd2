import type { Session } from '../../../lib/aws/session.ts'
import type { Day } from './calendar.ts'
import type { Purse } from './cost-explorer.ts'
import { requestPeriod } from './costs.ts'
import type { Sources } from './environment-report.ts'

type Wish = { today: Day; maxRequests: number; anomalyMinimum: number }

/** The account of a session, asked of AWS Budgets and Cost Explorer. A session that cannot be opened is a failed `open`. */
export const awsSources = (openSession: () => Promise<Session>, { today, maxRequests, anomalyMinimum }: Wish): Sources => {
  const purse: Purse = { spent: 0, most: maxRequests }
  let opened: Promise<Session> | undefined
  const session = (): Promise<Session> => (opened ??= openSession())
  const explorer = () => import('./cost-explorer.ts')
  return {
    open: async () => (await session()).guard(),
    budgets: async () => (await import('./aws-budgets.ts')).readBudgets(await session(), today),
    costs: async (basis) => (await explorer()).readCosts(await session(), requestPeriod(today), basis, purse),
    forecast: async (basis) => (await explorer()).readForecast(await session(), today, basis, purse),
    anomalies: async () => (await explorer()).readAnomalies(await session(), today, anomalyMinimum, purse),
    requests: () => purse.spent,
  }
}
