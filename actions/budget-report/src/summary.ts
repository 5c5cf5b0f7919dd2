import { inert, table } from '../../../lib/markdown.ts'
import { shortPeriod } from './calendar.ts'
import { monthChart } from './chart.ts'
import { topServices } from './costs.ts'
import type { EnvironmentReport } from './environment-report.ts'
import { format, formatChange, formatPercent, percentOf, sum } from './money.ts'
import { basisLine, facts, headline, SIGNS, sentences } from './words.ts'

/** Bytes that one step may write; GitHub drops a larger summary without failing the step (GitHub documentation). */
const LIMIT = 1_000_000

/** The section of the job summary: everything that Slack gets, and all services. */
export const summary = (reports: readonly EnvironmentReport[]): string => {
  const text = reports.map(section).join('\n')
  return Buffer.byteLength(text) <= LIMIT
    ? text
    : `${reports.map((report) => `### ${inert(headline(report))}\n`).join('\n')}\nThe tables are left out: they are larger than a job summary may be.\n`
}

const section = (report: EnvironmentReport): string => {
  const { budgets, costs } = report
  return [
    `### ${inert(headline(report))}`,
    '',
    ...sentences(report).map((sentence) => `${inert(sentence)}.  `),
    '',
    ...figures(
      ['figure', 'value'],
      facts(report).map((fact) => [...fact]),
    ),
    ...chart(report),
    ...(budgets.length > 0
      ? figures(
          ['budget', 'spent', 'limit', 'used', 'forecast', 'status'],
          budgets.map(({ name, unit, actual, limit, percentUsed, forecast, status, reason }) => [
            name,
            actual ? format(actual, unit) : 'n/a',
            limit ? format(limit, unit) : 'n/a',
            formatPercent(percentUsed),
            forecast ? format(forecast, unit) : 'not yet',
            `${SIGNS[status]} ${status}: ${reason}`,
          ]),
        )
      : []),
    ...(costs ? services(costs) : []),
    ...basisLine(report).map((line) => `- ${inert(line)}`),
    '',
  ].join('\n')
}

const services = (costs: NonNullable<EnvironmentReport['costs']>): string[] => {
  const rows = topServices(costs.services, 200, costs.unit)
  const total = sum(rows.map(({ amount }) => amount))
  return figures(
    [`service (${shortPeriod(costs.servicePeriod)})`, 'spent', 'same days last month', 'change', 'share'],
    rows.map(({ name, amount, before }) => [
      name,
      format(amount, costs.unit),
      before === undefined ? 'n/a' : format(before, costs.unit),
      before === undefined ? 'n/a' : formatChange(amount.minus(before), costs.unit),
      formatPercent(percentOf(amount, total)),
    ]),
  )
}

/** Mermaid is what GitHub draws in a summary; `xychart-beta` is the name that all its versions know. */
const chart = (report: EnvironmentReport): string[] => {
  const drawn = monthChart(report, 31)
  if (drawn === undefined) return []
  return [
    '```mermaid',
    'xychart-beta',
    `  title "${drawn.title}, ${drawn.month}"`,
    `  x-axis [${drawn.labels.join(', ')}]`,
    `  y-axis "${drawn.unit}"`,
    `  line [${drawn.pace.join(', ')}]`,
    `  line [${drawn.spend.join(', ')}]`,
    '```',
    '',
  ]
}

const figures = (head: string[], rows: string[][]): string[] => [
  ...table(
    head,
    rows.map((row) => row.map(inert)),
    true,
  ),
  '',
]
