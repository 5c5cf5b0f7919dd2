import type { Judged } from './budget.ts'
import type { Basis } from './cost-explorer.ts'
import type { CostFigures } from './costs.ts'
import type { Forecast, Options } from './environment-report.ts'
import { format } from './money.ts'

/** What has to be known to read the figures, a sentence each. */
export const remarks = (
  main: Judged | undefined,
  { metric, withCredits }: Basis,
  figures: CostFigures | undefined,
  forecast: Forecast | undefined,
  level: Options['level'],
  incomplete: boolean,
): string[] => [
  ...(main === undefined && !incomplete ? ['no budget: set one, or there is nothing to judge by'] : []),
  ...(main !== undefined && forecast === undefined ? ['no forecast yet: AWS needs about five weeks of data'] : []),
  ...(main?.autoAdjusting ? ['the limit adjusts itself'] : []),
  ...(main?.filtered && level !== 'budgets' ? ['the budget covers a part of the account, the costs all of it'] : []),
  ...(main && (main.metric !== metric || main.withCredits !== withCredits)
    ? [`the costs are counted differently from the budget (${main.metric}, ${main.withCredits ? 'with' : 'without'} credits)`]
    : []),
  ...(figures && main?.actual && isApart(main, figures)
    ? [
        `the budget has booked ${format(main.actual, main.unit)}, Cost Explorer ${format(figures.monthToDate, figures.unit)}: AWS refreshes them at different times`,
      ]
    : []),
  ...(figures && main && figures.unit !== main.unit ? [`costs are in ${figures.unit}, the budget is in ${main.unit}`] : []),
  ...(figures?.estimated ? ['estimated: AWS settles a month within the first week of the next'] : []),
]

/** The same month, counted alike, and more than a tenth apart: a reader would take one of the figures for wrong. */
const isApart = ({ actual, unit, timeUnit, filtered, limit }: Judged, figures: CostFigures): boolean =>
  actual !== undefined &&
  limit !== undefined &&
  unit === figures.unit &&
  timeUnit === 'MONTHLY' &&
  !filtered &&
  actual.minus(figures.monthToDate).abs().gt(actual.abs().times(0.1))
