import { inert } from '../../../../lib/slack/text.ts'
import { STATUSES } from '../budget.ts'
import { lastDayOf, lengthOf } from '../calendar.ts'
import type { EnvironmentReport } from '../environment-report.ts'
import { format, formatPercent } from '../money.ts'
import { headline, SIGNS } from '../words.ts'
import { type Block, clip, context, header, LIMITS, NAME, section } from './blocks.ts'

/** One message for many environments: a row each, the gravest first. */
export const aggregate = (
  reports: readonly EnvironmentReport[],
  most: number,
  table: (rows: readonly string[][]) => Block,
  links: readonly string[],
): Block[] => {
  const sorted = reports.toSorted((a, b) => STATUSES.indexOf(a.status) - STATUSES.indexOf(b.status))
  const shown = sorted.slice(0, most)
  const hidden = sorted.length - shown.length
  const rows = [
    ['Environment', 'Spent', 'Budget', 'Used', 'Forecast', 'Status'],
    ...shown.map(({ place, main, forecast, costs, status }) => [
      clip(place.environment, NAME),
      main?.actual
        ? format(main.actual, main.unit)
        : costs && lengthOf(costs.month) > 0
          ? format(costs.monthToDate, costs.unit)
          : 'n/a',
      main?.limit ? format(main.limit, main.unit) : 'none',
      formatPercent(main?.percentUsed),
      forecast && main ? format(forecast.amount, main.unit) : 'n/a',
      `${SIGNS[status]} ${status}`,
    ]),
    ...(hidden > 0 ? [[`… and ${hidden} more`, '', '', '', '', '']] : []),
  ]
  const heads = shown.slice(0, 10).map((report) => clip(headline(report), LIMITS.header))
  const notes = sorted
    .map(({ place, status, reason, notes: own }) => [place.environment, ...(status === 'unknown' ? [reason] : []), ...own])
    .filter(({ length }) => length > 1)
    .slice(0, 10)
    .map(([name, ...own]) => clip(`${name}: ${[...new Set(own)].join('; ')}`, 300))
  return [
    header(overview(sorted)),
    section(heads.map(inert).join('\n')),
    table(rows),
    ...(notes.length > 0 ? [section(notes.map(inert).join('\n'))] : []),
    context([inert(basisOfAll(sorted).join(' · ')), ...links]),
  ]
}

const overview = (sorted: readonly EnvironmentReport[]): string => {
  const { status } = sorted[0] ?? { status: 'unknown' as const }
  return `${SIGNS[status]} AWS budgets of ${sorted.length} environments · ${status}`
}

const basisOfAll = (reports: readonly EnvironmentReport[]): string[] => {
  const costs = reports.flatMap((report) => report.costs ?? [])
  const bases = reports
    .filter((report) => report.costs)
    .map(({ basis }) => `${basis.metric}, ${basis.withCredits ? 'with' : 'without'} credits`)
  const requests = reports.reduce((total, each) => total + each.requests, 0)
  return [
    ...(costs[0] ? [`data through ${lastDayOf(costs[0].month)} UTC`] : ['AWS Budgets only']),
    ...new Set(bases),
    `accounts ${clip([...new Set(reports.map(({ place }) => place.account))].join(', '), 300)}`,
    `Cost Explorer requests: ${requests} ($${(requests * 0.01).toFixed(2)})`,
  ]
}
