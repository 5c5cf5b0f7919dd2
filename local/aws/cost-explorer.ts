import type { CostExplorer, Expression } from '@aws-sdk/client-cost-explorer'
import { AwsError, type InputOf, type Operation, type Service } from './service.ts'

/** One booked amount, as text: AWS writes up to 43 digits. */
export type CostEntry = { day: string; service: string; recordType: string; amount: string }

export type AccountCosts = {
  entries: readonly CostEntry[]
  unit?: string
  /** Days from here on are estimated. */
  estimatedFrom?: string
  /** Mean a day for the rest of the month; without it AWS has too little data for a forecast. */
  forecastPerDay?: number
  anomalies?: { service: string; region: string; impact: number; start: string }[]
  /** What Cost Explorer answers before somebody enabled it. */
  notEnabled?: true
  /** Groups on one page; AWS documents no number. */
  pageSize?: number
}

const METRICS = ['AmortizedCost', 'BlendedCost', 'NetAmortizedCost', 'NetUnblendedCost', 'UnblendedCost']

const invalid = (message: string): AwsError => new AwsError('ValidationException', message)

const on = <N extends 'GetCostAndUsage' | 'GetCostForecast' | 'GetAnomalies'>(
  name: N,
  accounts: Record<string, AccountCosts>,
  run: (costs: AccountCosts, input: InputOf<CostExplorer, N>) => unknown,
): Record<string, Operation<InputOf<CostExplorer, N>>> => ({
  [name]: {
    authorize: () => [{ action: `ce:${name}`, resource: '*' }],
    run: (input, { principal }) => {
      const costs = accounts[principal.account]
      if (costs === undefined || costs.notEnabled)
        throw new AwsError('AccessDeniedException', 'User not enabled for cost explorer access')
      return run(costs, input)
    },
  },
})

const nextMonth = (day: string): string =>
  new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)), 1)).toISOString().slice(0, 10)

const after = (day: string): string => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10)

const days = (start: string, end: string): string[] => {
  const found: string[] = []
  for (let time = Date.parse(start); time < Date.parse(end); time += 86_400_000)
    found.push(new Date(time).toISOString().slice(0, 10))
  return found
}

/** Cost Explorer, as far as reports need it: daily costs by up to two dimensions, in pages; a forecast by day; anomalies. */
export const costExplorerService = (accounts: Record<string, AccountCosts>, now: () => number): Service => {
  const today = (): string => new Date(now()).toISOString().slice(0, 10)
  return {
    name: 'ce',
    operations: {
      ...on('GetCostAndUsage', accounts, (costs, input) => {
        const { Start = '', End = '' } = input.TimePeriod ?? {}
        const metric = checkUsage(input, Start, End, today())
        const { entries, unit = 'USD', estimatedFrom = '9999-12-31', pageSize = 5_000 } = costs
        const groups = days(Start, End).flatMap((day) => grouped(entries, day, input).map((group) => ({ day, group })))
        const begin = offsetOf(input, groups.length)
        const shown = groups.slice(begin, begin + pageSize)
        const next = begin + pageSize
        return {
          GroupDefinitions: input.GroupBy,
          // Sparse: a day has the groups that cost something. With groups the total is empty (AWS CLI examples).
          ResultsByTime: days(Start, End)
            .filter((day) => groups.length <= pageSize || shown.some((each) => each.day === day))
            .map((day) => ({
              TimePeriod: { Start: day, End: after(day) },
              Total: {},
              Groups: shown
                .filter((each) => each.day === day)
                .map(({ group }) => ({ Keys: group.keys, Metrics: { [metric]: { Amount: group.amount, Unit: unit } } })),
              Estimated: day >= estimatedFrom,
            })),
          DimensionValueAttributes: [],
          ...(next < groups.length && { NextPageToken: tokenOf(input, next) }),
        }
      }),
      ...on('GetCostForecast', accounts, ({ forecastPerDay, unit = 'USD' }, { TimePeriod, Granularity }) => {
        const { Start = '', End = '' } = TimePeriod ?? {}
        if (Start < today()) throw invalid('Start date must be equal to or later than today')
        if (Start >= End) throw invalid('Requested Start must be before requested End')
        if (Granularity !== 'DAILY' && Granularity !== 'MONTHLY') throw invalid('HOURLY granularity is not supported')
        if (forecastPerDay === undefined)
          throw new AwsError('DataUnavailableException', 'Insufficient amount of historical data to generate forecast')
        const each = days(Start, End).map((day) => ({
          TimePeriod: { Start: day, End: day },
          MeanValue: String(forecastPerDay),
          PredictionIntervalLowerBound: String(forecastPerDay * 0.9),
          PredictionIntervalUpperBound: String(forecastPerDay * 1.1),
        }))
        return { Total: { Amount: String(forecastPerDay * each.length), Unit: unit }, ForecastResultsByTime: each }
      }),
      ...on('GetAnomalies', accounts, ({ anomalies = [] }, { TotalImpact }) => ({
        Anomalies: anomalies
          .filter(({ impact }) => impact >= (TotalImpact?.StartValue ?? 0))
          .map(({ service, region, impact, start }, index) => ({
            AnomalyId: `anomaly-${index}`,
            AnomalyScore: { MaxScore: 0.9, CurrentScore: 0.9 },
            AnomalyStartDate: `${start}T00:00:00Z`,
            Impact: { MaxImpact: impact, TotalImpact: impact },
            RootCauses: [{ Service: service, Region: region }],
            MonitorArn: 'arn:aws:ce::000000000000:anomalymonitor/local',
          })),
      })),
    },
  }
}

type Usage = InputOf<CostExplorer, 'GetCostAndUsage'>

const checkUsage = ({ Metrics = [], Granularity, GroupBy = [] }: Usage, start: string, end: string, today: string): string => {
  if (start >= end) throw invalid('Start date (and hour) should be before end date (and hour)')
  if (end > nextMonth(today)) throw invalid('end date past the beginning of next month')
  if (Granularity !== 'DAILY') throw invalid(`Granularity ${Granularity} is not served here`)
  if (GroupBy.length > 2) throw invalid('Group by supports up to two keys')
  const [metric] = Metrics
  if (metric === undefined || !METRICS.includes(metric)) throw invalid(`Metrics ${Metrics.join(', ')} are not valid`)
  return metric
}

const grouped = (entries: readonly CostEntry[], day: string, { GroupBy = [], Filter }: Usage) => {
  const keyOf = ({ service, recordType }: CostEntry): string[] =>
    GroupBy.map(({ Key }) => (Key === 'SERVICE' ? service : Key === 'RECORD_TYPE' ? recordType : ''))
  const own = entries.filter((entry) => entry.day === day && passes(entry, Filter))
  const keys = [...new Set(own.map((entry) => JSON.stringify(keyOf(entry))))]
  return keys.map((key) => {
    const amounts = own.filter((entry) => JSON.stringify(keyOf(entry)) === key).map(({ amount }) => amount)
    return { keys: JSON.parse(key) as string[], amount: amounts.length === 1 ? (amounts[0] ?? '0') : String(total(amounts)) }
  })
}

const total = (amounts: readonly string[]): number => amounts.reduce((sum, amount) => sum + Number(amount), 0)

const passes = (entry: CostEntry, filter: Expression | undefined): boolean => {
  if (filter?.Not) return !passes(entry, filter.Not)
  if (filter?.Dimensions?.Key === 'RECORD_TYPE') return filter.Dimensions.Values?.includes(entry.recordType) ?? false
  return true
}

/** A token belongs to the request that it was given for. */
const tokenOf = ({ NextPageToken: _, ...request }: Usage, offset: number): string =>
  Buffer.from(JSON.stringify({ request, offset })).toString('base64url')

const offsetOf = (input: Usage, most: number): number => {
  const { NextPageToken: token, ...request } = input
  if (token === undefined) return 0
  let given: { request: unknown; offset: number }
  try {
    given = JSON.parse(Buffer.from(token, 'base64url').toString())
  } catch {
    throw new AwsError('InvalidNextTokenException', 'The pagination token is invalid. Try again without a pagination token.')
  }
  if (JSON.stringify(given.request) !== JSON.stringify(request))
    throw new AwsError(
      'RequestChangedException',
      'Your request parameters changed between pages. Try again with the old parameters',
    )
  return Math.min(given.offset, most)
}
