import { inert } from '../../../../lib/slack/text.ts'
import { shortPeriod } from '../calendar.ts'
import { monthChart } from '../chart.ts'
import { movers, topServices } from '../costs.ts'
import type { EnvironmentReport } from '../environment-report.ts'
import { format, formatChange, formatPercent, percentOf, sum } from '../money.ts'
import { bar, basisLine, facts, headline, SIGNS, sentences } from '../words.ts'
import { type Block, clip, codeTable, context, fields, header, LIMITS, lineChart, NAME, section, table } from './blocks.ts'
import { aggregate } from './overview.ts'

export type Link = { text: string; url: string }

/** `rendering`: what is left out for a Slack that refused more. */
export type Message = { rendering: Rendering; text: string; blocks?: Block[] }

/** From the fullest to the plainest; each is tried only when Slack refused the one before, which it did not post then. */
const RENDERINGS = ['full', 'without-chart', 'without-table', 'text'] as const
export type Rendering = (typeof RENDERINGS)[number]

export type Wish = {
  reports: readonly EnvironmentReport[]
  links: readonly Link[]
  /** `<@U123>` and the like; only where the status turned red. */
  mention: string | undefined
  top: number
  /** A green report says no more than that. */
  short: boolean
}

/** The message at every rung of the ladder, those that say the same left out. */
export const messages = (wish: Wish): Message[] => {
  const text = clip([wish.mention, ...wish.reports.map(plain)].filter(Boolean).join('\n'), LIMITS.text)
  const ladder = RENDERINGS.map((rendering): Message => {
    if (rendering === 'text') return { rendering, text }
    return { rendering, text, blocks: fitted(wish, rendering) }
  })
  return ladder.filter(({ blocks }, index) => index === 0 || JSON.stringify(blocks) !== JSON.stringify(ladder[index - 1]?.blocks))
}

const plain = (report: EnvironmentReport): string => inert([headline(report), ...sentences(report)].join('. '))

/** Fewer rows, until the message is within what Slack takes. */
const fitted = (wish: Wish, rendering: Rendering): Block[] => {
  for (let rows = Math.max(wish.top, wish.reports.length); rows > 0; rows -= Math.ceil(rows / 10)) {
    const blocks = compose({ ...wish, top: Math.min(rows, wish.top) }, rendering, rows)
    if (JSON.stringify(blocks).length <= LIMITS.message) return blocks
  }
  return compose({ ...wish, top: 1, short: true }, rendering, 1)
}

const compose = (wish: Wish, rendering: Rendering, rows: number): Block[] => {
  const mention = wish.mention === undefined ? [] : [section(wish.mention)]
  const [only] = wish.reports
  const body =
    wish.reports.length === 1 && only
      ? single(only, wish, rendering)
      : aggregate(wish.reports, rows, rendering === 'without-table' ? codeTable : table, linked(wish.links))
  return [...body.slice(0, 1), ...mention, ...body.slice(1)]
}

const single = (report: EnvironmentReport, { links, top, short }: Wish, rendering: Rendering): Block[] => {
  const { main, costs } = report
  const opening = [
    header(headline(report)),
    section(
      [
        ...sentences(report).map(inert),
        ...(main?.percentUsed === undefined ? [] : [`\`${bar(main.percentUsed)}\` ${formatPercent(main.percentUsed)}`]),
      ].join('\n'),
    ),
  ]
  const closing = context([inert(basisLine(report).join(' · ')), ...linked(links)])
  if (short) return [...opening, closing]
  const chart = rendering === 'full' ? monthChart(report) : undefined
  return [
    ...opening,
    fields(facts(report).map(([name, value]) => `*${inert(name)}*\n${inert(value)}`)),
    ...(chart
      ? [
          lineChart(
            chart.title,
            chart.labels,
            [
              { name: 'Budget pace', values: chart.pace },
              { name: report.forecast ? 'Spend + forecast' : 'Spend', values: chart.spend },
            ],
            { x: `Day of ${chart.month} (UTC)`, y: chart.unit },
          ),
        ]
      : []),
    ...(costs && costs.services.length > 0 ? [services(report, top, rendering)] : []),
    ...why(report),
    closing,
  ]
}

const services = ({ costs }: EnvironmentReport, top: number, rendering: Rendering): Block => {
  if (costs === undefined) return section('no costs')
  const rows = topServices(costs.services, top, costs.unit)
  const total = sum(rows.map(({ amount }) => amount))
  const cells = [
    [`Service (${shortPeriod(costs.servicePeriod)})`, 'Spent', 'Change', 'Share'],
    ...rows.map(({ name, amount, before, services: count }) => [
      clip(count > 1 ? `${name} (${count})` : name, NAME),
      format(amount, costs.unit),
      before === undefined ? 'n/a' : formatChange(amount.minus(before), costs.unit),
      formatPercent(percentOf(amount, total)),
    ]),
  ]
  return rendering === 'without-table' ? codeTable(cells) : table(cells)
}

const why = ({ costs, anomalies, budgets, main }: EnvironmentReport): Block[] => {
  const moved = costs ? movers(costs.services, 1) : []
  const lines = [
    ...moved.map(
      ({ service, change }) =>
        `Moved most: ${service}, ${formatChange(change, costs?.unit ?? 'USD')} against the same days last month`,
    ),
    ...anomalies
      .slice(0, 3)
      .map(
        ({ service, region, impact, start }) =>
          `Anomaly since ${start}: ${service} ${region}, ${format(impact, costs?.unit ?? 'USD')}`,
      ),
    ...budgets
      .filter((budget) => budget !== main && budget.status !== 'ok')
      .slice(0, 5)
      .map(({ name, status, reason }) => `${SIGNS[status]} ${name}: ${status}, ${reason}`),
  ]
  return lines.length === 0 ? [] : [section(lines.map(inert).join('\n'))]
}

const linked = (links: readonly Link[]): string[] =>
  links.length === 0 ? [] : [links.map(({ text, url }) => `<${url}|${inert(text)}>`).join(' · ')]
