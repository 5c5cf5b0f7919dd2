import {
  CostExplorerClient,
  GetAnomaliesCommand,
  GetCostAndUsageCommand,
  type GetCostAndUsageCommandInput,
  GetCostForecastCommand,
} from '@aws-sdk/client-cost-explorer'
import { call, isNamed } from '../../../lib/aws/errors.ts'
import type { Session } from '../../../lib/aws/session.ts'
import { addDays, type Day, monthOf, type Period } from './calendar.ts'
import { type CostRow, type Costs, CREDITS } from './costs.ts'
import { type Money, money, sum } from './money.ts'

/** Requests of one report; each costs a cent, so that a limit is kept before one is sent. */
export type Purse = { spent: number; readonly most: number }

export type Basis = { metric: string; withCredits: boolean }

/** Costs by day, service and record type. Rejects where the purse is empty before the last page: a part is no total. */
export const readCosts = async (session: Session, period: Period, basis: Basis, purse: Purse): Promise<Costs> => {
  const client = session.client(CostExplorerClient)
  const rows: CostRow[] = []
  const units = new Set<string>()
  let estimated = false
  let token: string | undefined
  do {
    const request: GetCostAndUsageCommandInput = {
      TimePeriod: { Start: period.start, End: period.end },
      Granularity: 'DAILY',
      Metrics: [basis.metric],
      GroupBy: [
        { Type: 'DIMENSION', Key: 'SERVICE' },
        { Type: 'DIMENSION', Key: 'RECORD_TYPE' },
      ],
      ...withoutCredits(basis),
      ...(token !== undefined && { NextPageToken: token }),
    }
    const page = await paid('ce:GetCostAndUsage', purse, () => client.send(new GetCostAndUsageCommand(request)))
    for (const { TimePeriod, Groups = [], Estimated = false } of page.ResultsByTime ?? []) {
      estimated ||= Estimated
      for (const { Keys = [], Metrics = {} } of Groups) {
        const { Amount, Unit } = Metrics[basis.metric] ?? {}
        if (Amount === undefined) throw new Error(`Cost Explorer gave no ${basis.metric} for ${Keys.join(', ')}`)
        units.add(Unit ?? 'USD')
        rows.push({ day: TimePeriod?.Start ?? '', service: Keys[0] ?? '', recordType: Keys[1] ?? '', amount: money(Amount) })
      }
    }
    token = page.NextPageToken
  } while (token !== undefined)
  if (units.size > 1) throw new Error(`costs are in ${[...units].join(' and ')}, which cannot be added`)
  return { rows, unit: [...units][0] ?? 'USD', estimated }
}

const withoutCredits = ({ withCredits }: Basis): Pick<GetCostAndUsageCommandInput, 'Filter'> =>
  withCredits ? {} : { Filter: { Not: { Dimensions: { Key: 'RECORD_TYPE', Values: CREDITS } } } }

/** What AWS expects for today and the rest of the month, with the bounds of its 80% interval; undefined where it knows too little. */
export const readForecast = async (
  session: Session,
  today: Day,
  basis: Basis,
  purse: Purse,
): Promise<{ rest: Money; low: Money; high: Money } | undefined> => {
  const client = session.client(CostExplorerClient)
  // By day: whether a monthly forecast of the running month includes what is spent already is documented nowhere.
  const request = new GetCostForecastCommand({
    TimePeriod: { Start: today, End: monthOf(today).end },
    Granularity: 'DAILY',
    Metric: basis.metric.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase() as 'UNBLENDED_COST',
    PredictionIntervalLevel: 80,
    ...withoutCredits(basis),
  })
  try {
    const { ForecastResultsByTime: days = [] } = await paid('ce:GetCostForecast', purse, () => client.send(request))
    const total = (key: 'MeanValue' | 'PredictionIntervalLowerBound' | 'PredictionIntervalUpperBound'): Money =>
      sum(days.map((each) => money(each[key] ?? '')))
    return {
      rest: total('MeanValue'),
      low: total('PredictionIntervalLowerBound'),
      high: total('PredictionIntervalUpperBound'),
    }
  } catch (error) {
    if (isNamed(error, 'DataUnavailableException')) return undefined
    throw error
  }
}

export type Anomaly = { service: string; region: string; impact: Money; start: Day }

/** Anomalies that ended within the last seven days or are open, at least `least` in the account's currency, largest first. */
export const readAnomalies = async (session: Session, today: Day, least: number, purse: Purse): Promise<Anomaly[]> => {
  const client = session.client(CostExplorerClient)
  const found: Anomaly[] = []
  let token: string | undefined
  do {
    const request = new GetAnomaliesCommand({
      DateInterval: { StartDate: addDays(today, -7), EndDate: today },
      TotalImpact: { NumericOperator: 'GREATER_THAN_OR_EQUAL', StartValue: least },
      ...(token !== undefined && { NextPageToken: token }),
    })
    const page = await paid('ce:GetAnomalies', purse, () => client.send(request))
    for (const { RootCauses = [], Impact, AnomalyStartDate = '' } of page.Anomalies ?? [])
      found.push({
        service: RootCauses[0]?.Service ?? 'unknown service',
        region: RootCauses[0]?.Region ?? '',
        impact: money(String(Impact?.TotalImpact ?? Impact?.MaxImpact ?? 0)),
        start: AnomalyStartDate.slice(0, 10),
      })
    token = page.NextPageToken
  } while (token !== undefined)
  return found.toSorted((a, b) => b.impact.cmp(a.impact))
}

const paid = <T>(name: string, purse: Purse, send: () => Promise<T>): Promise<T> => {
  if (purse.spent >= purse.most)
    throw new Error(`the report would need more than ${purse.most} Cost Explorer requests; raise 'max-ce-requests' (a cent each)`)
  purse.spent += 1
  return call(name, send)
}
