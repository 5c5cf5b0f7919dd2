import type { Judged } from './budget.ts'
import { lengthOf } from './calendar.ts'
import type { Basis } from './cost-explorer.ts'
import type { CostFigures } from './costs.ts'
import type { Forecast } from './environment-report.ts'
import { format } from './money.ts'

type Known = {
  main: Judged | undefined
  basis: Basis
  figures: CostFigures | undefined
  forecast: Forecast | undefined
  incomplete: boolean
  /** A forecast was asked for and could not be read. */
  failed: boolean
}

/** What has to be known to read the figures, a sentence each. */
export const remarks = ({ main, basis, figures, forecast, incomplete, failed }: Known): string[] => [
  ...(main === undefined && !incomplete ? ['no budget of costs: set one, or there is nothing to judge by'] : []),
  ...(main?.unhealthy === undefined ? [] : [main.reason]),
  ...(main !== undefined && forecast === undefined && !failed ? [noForecast(main)] : []),
  ...(main?.autoAdjusting ? ['the limit adjusts itself'] : []),
  ...(main?.partial ? ['the budget leaves out charges, such as tax or support, that the costs have'] : []),
  ...(main?.filtered && figures ? ['the budget covers a part of the account, the costs all of it'] : []),
  ...(main && figures && !isCountedAlike(main, basis)
    ? [`the costs are counted differently from the budget (${main.metric}, ${main.withCredits ? 'with' : 'without'} credits)`]
    : []),
  ...(figures && main?.actual && isApart(main, basis, figures)
    ? [
        `the budget has booked ${format(main.actual, main.unit)}, Cost Explorer ${format(figures.monthToDate, figures.unit)}: AWS refreshes them at different times`,
      ]
    : []),
  ...(figures && main && figures.unit !== main.unit ? [`costs are in ${figures.unit}, the budget is in ${main.unit}`] : []),
  ...(figures?.estimated ? ['estimated: AWS settles a month within the first week of the next'] : []),
]

const noForecast = ({ timeUnit }: Judged): string =>
  timeUnit === 'DAILY' ? 'AWS forecasts no daily budget' : 'no forecast yet: AWS needs about five weeks of data'

const isCountedAlike = ({ metric, withCredits }: Judged, basis: Basis): boolean =>
  metric === basis.metric && withCredits === basis.withCredits

/** The same month, counted alike, and more than a tenth apart: a reader would take one of the figures for wrong. */
const isApart = (main: Judged, basis: Basis, figures: CostFigures): boolean =>
  main.actual !== undefined &&
  main.unit === figures.unit &&
  main.timeUnit === 'MONTHLY' &&
  !main.filtered &&
  !main.partial &&
  isCountedAlike(main, basis) &&
  lengthOf(figures.month) > 0 &&
  main.actual.minus(figures.monthToDate).abs().gt(main.actual.abs().times(0.1))
