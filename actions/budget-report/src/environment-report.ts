import { type Budget, type Judged, judge, STATUSES, type Status, worst } from './budget.ts'
import { type Day, lengthOf } from './calendar.ts'
import type { Anomaly, Basis } from './cost-explorer.ts'
import { type CostFigures, type Costs, costFigures } from './costs.ts'
import { type Money, money } from './money.ts'
import { remarks } from './remarks.ts'

/** An environment whose account is reported. */
export type Place = {
  environment: string
  account: string
  region: string
  role: string | undefined
  /** Limits of `delivery.json`, for accounts in which AWS has no budget. */
  limits: readonly { limit: number; currency: string }[]
}

/** What can be asked of an account. Each rejects with one line in the user's words. */
export type Sources = {
  /** Confirms the account, before anything else is asked. */
  open(): Promise<void>
  budgets(): Promise<Budget[]>
  costs(basis: Basis): Promise<Costs>
  /** Undefined where AWS knows too little. */
  forecast(basis: Basis): Promise<{ rest: Money; low: Money; high: Money } | undefined>
  anomalies(): Promise<Anomaly[]>
  /** Cost Explorer requests sent so far. */
  requests(): number
}

export type Options = {
  today: Day
  /** Percentage from which a budget without notifications of its own is at risk. */
  warn: number
  lagDays: number
  level: 'budgets' | 'standard' | 'full'
  metric: 'auto' | string
  chargeTypes: 'auto' | 'as-billed' | 'usage'
  /** Of all names of budgets, those that are reported. */
  choose(names: readonly string[]): (name: string) => boolean
}

export type Forecast = { amount: Money; low?: Money; high?: Money; by: 'AWS Budgets' | 'Cost Explorer' }

export type EnvironmentReport = {
  place: Place
  status: Status
  /** Why the status is what it is, in one sentence. */
  reason: string
  budgets: Judged[]
  /** The budget that the status rests on. */
  main?: Judged
  basis: Basis
  costs?: CostFigures
  forecast?: Forecast
  anomalies: Anomaly[]
  /** What is missing or has to be known to read the figures, a sentence each. */
  notes: string[]
  /** A source failed: what is shown is true, but not all there is. */
  incomplete: boolean
  requests: number
}

/** Reads one account. Never rejects: what could not be read is said, and never shown as 0. */
export const reportEnvironment = async (place: Place, sources: Sources, options: Options): Promise<EnvironmentReport> => {
  const notes: string[] = []
  let incomplete = false
  const attempt = async <T>(what: string, read: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await read()
    } catch (error) {
      incomplete = true
      notes.push(`${what}: ${inWords(error as Error)}`)
      return undefined
    }
  }
  const opened = (await attempt('account', () => sources.open().then(() => true))) === true
  const all = opened ? await attempt('budgets', () => sources.budgets()) : undefined
  const names = (all ?? []).map(({ name }) => name)
  const isChosen = options.choose(names)
  const chosen = (all ?? []).filter(({ name }) => isChosen(name))
  if (names.length > 0 && chosen.length === 0) {
    incomplete = true
    notes.push(`no budget is called as 'budget-names' says; there are ${names.slice(0, 10).join(', ')}`)
  }
  const basis = basisOf(chosen, options)
  const costs = opened && options.level !== 'budgets' ? await attempt('costs', () => sources.costs(basis)) : undefined
  const figures = costs && costFigures(costs, options.today, options.lagDays)
  const lacksForecast = !chosen.some(({ type, forecast }) => type === 'COST' && forecast !== undefined)
  const rest =
    opened && options.level === 'full' && lacksForecast ? await attempt('forecast', () => sources.forecast(basis)) : undefined
  const anomalies = opened && options.level === 'full' ? await attempt('anomalies', () => sources.anomalies()) : undefined

  const declared = declaredBudgets(place, chosen, figures, rest, basis)
  if (declared.length > 0) {
    const why = all ? 'AWS has no budget of costs here' : 'the budgets could not be read'
    notes.push(`${why}: the limit is that of delivery.json, the spend that of Cost Explorer`)
  }
  const budgets = [...chosen.map((budget) => forecasted(budget, figures, rest)), ...declared]
    .map((budget) => judge(budget, options.today, options.warn))
    .toSorted(byGravity)
  const main = budgets.find(({ type }) => type === 'COST')
  const forecast = forecastOf(main, figures, rest)
  const failed = notes.some((note) => note.startsWith('forecast: '))
  notes.push(...remarks({ main, basis, figures, forecast, incomplete, failed }))
  return {
    place,
    status: worst(budgets.map(({ status }) => status)),
    reason: main?.reason ?? (opened && all ? 'there is no budget of costs' : (notes[0] ?? 'nothing could be read')),
    budgets,
    ...(main && { main }),
    basis,
    ...(figures && { costs: figures }),
    ...(forecast && { forecast }),
    anomalies: anomalies ?? [],
    notes,
    incomplete,
    requests: sources.requests(),
  }
}

const byGravity = (a: Judged, b: Judged): number =>
  Number(a.type !== 'COST') - Number(b.type !== 'COST') ||
  STATUSES.indexOf(a.status) - STATUSES.indexOf(b.status) ||
  (b.percentUsed ?? 0) - (a.percentUsed ?? 0) ||
  a.name.localeCompare(b.name)

/** The costs are counted as the first monthly budget counts them, or they could not be compared with it. */
const basisOf = (budgets: readonly Budget[], { metric, chargeTypes }: Options): Basis => {
  const money = budgets.filter(({ type }) => type === 'COST')
  const leading = money.find(({ timeUnit }) => timeUnit === 'MONTHLY') ?? money[0]
  return {
    metric: metric === 'auto' ? (leading?.metric ?? 'UnblendedCost') : metric,
    withCredits: chargeTypes === 'auto' ? (leading?.withCredits ?? true) : chargeTypes === 'as-billed',
  }
}

const declaredBudgets = (
  { limits, environment }: Place,
  chosen: readonly Budget[],
  figures: CostFigures | undefined,
  rest: { rest: Money } | undefined,
  { metric, withCredits }: Basis,
): Budget[] => {
  if (figures === undefined || chosen.some(({ type }) => type === 'COST')) return []
  return limits
    .filter(({ currency }) => currency === figures.unit)
    .map(({ limit }) => ({
      name: `${environment} of delivery.json`,
      type: 'COST',
      unit: figures.unit,
      timeUnit: 'MONTHLY',
      limit: money(String(limit)),
      ...(lengthOf(figures.month) > 0 && { actual: figures.monthToDate }),
      ...(rest && { forecast: figures.monthToDate.plus(rest.rest) }),
      autoAdjusting: false,
      metric,
      withCredits,
      filtered: false,
      partial: false,
      thresholds: [],
    }))
}

/** Whether it counts what the costs count: then they may be added and compared. */
const isOfTheMonth = ({ type, timeUnit, filtered, unit }: Budget, figures: CostFigures): boolean =>
  type === 'COST' && timeUnit === 'MONTHLY' && !filtered && unit === figures.unit

/** A monthly budget of the whole account that has no forecast of its own is judged by Cost Explorer's. */
const forecasted = (budget: Budget, figures: CostFigures | undefined, rest: { rest: Money } | undefined): Budget => {
  if (!rest || !figures || budget.forecast || !isOfTheMonth(budget, figures)) return budget
  return { ...budget, forecast: figures.monthToDate.plus(rest.rest) }
}

const forecastOf = (
  main: Judged | undefined,
  figures: CostFigures | undefined,
  rest: { rest: Money; low: Money; high: Money } | undefined,
): Forecast | undefined => {
  if (rest && figures && (main === undefined || isOfTheMonth(main, figures))) {
    const [amount, low, high] = [rest.rest, rest.low, rest.high].map((part) => figures.monthToDate.plus(part)) as [
      Money,
      Money,
      Money,
    ]
    return { amount, low, high, by: 'Cost Explorer' }
  }
  return main?.forecast && { amount: main.forecast, by: 'AWS Budgets' }
}

/** What to do, for the failures that have a known cause. */
const inWords = ({ name, message }: Error): string => {
  if (/not enabled for cost explorer/i.test(message))
    return 'Cost Explorer is not enabled for this account; enable it in the payer account, data follows within 24 hours'
  if (name === 'DataUnavailableException') return 'AWS has no cost data for this account yet'
  if (/LimitExceeded|Throttling/.test(name))
    return `AWS turned the request away as one too many, and again after waiting (${name}); run again later`
  return message
}
