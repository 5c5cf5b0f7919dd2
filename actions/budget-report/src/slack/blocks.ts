import { inert } from '../../../../lib/slack/text.ts'

/** Slack's limits (docs.slack.dev, Block Kit reference, November 2026), in characters unless said otherwise. */
export const LIMITS = {
  blocks: 50,
  header: 150,
  section: 3_000,
  fields: 10,
  field: 2_000,
  elements: 10,
  tableRows: 100,
  tableColumns: 20,
  tableText: 10_000,
  chartTitle: 50,
  categories: 20,
  chartLabel: 20,
  axisLabel: 50,
  /** Undocumented; refusals were seen from about 13,200 (slackapi/bolt-js#2509), so this keeps well below. */
  message: 8_000,
  /** Shown in notifications, and all there is where blocks are refused. */
  text: 4_000,
}

/** Characters of a name in a table; AWS's names of services are shorter. */
export const NAME = 80

type Text = { type: 'mrkdwn' | 'plain_text'; text: string }
type Cell = { type: 'raw_text'; text: string }
type Point = { label: string; value: number }

export type Block =
  | { type: 'header'; text: Text }
  | { type: 'section'; text?: Text; fields?: Text[] }
  | { type: 'context'; elements: Text[] }
  | { type: 'table'; rows: Cell[][]; column_settings?: { align: 'left' | 'right' }[] }
  | {
      type: 'data_visualization'
      title: string
      chart: {
        type: 'line'
        series: { name: string; data: Point[] }[]
        axis_config: { categories: string[]; x_label: string; y_label: string }
      }
    }

/** Cut to so many characters, with an ellipsis where something is missing; never within a character or an escape. */
export const clip = (text: string, most: number): string => {
  if (text.length <= most) return text
  return `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$|&[a-z]{0,4}$/, '')}…`
}

const mrkdwn = (text: string, most: number): Text => ({ type: 'mrkdwn', text: clip(text, most) })

export const header = (text: string): Block => ({ type: 'header', text: { type: 'plain_text', text: clip(text, LIMITS.header) } })

export const section = (text: string): Block => ({ type: 'section', text: mrkdwn(text, LIMITS.section) })

export const fields = (texts: readonly string[]): Block => ({
  type: 'section',
  fields: texts.slice(0, LIMITS.fields).map((text) => mrkdwn(text, LIMITS.field)),
})

export const context = (texts: readonly string[]): Block => ({
  type: 'context',
  elements: texts.slice(0, LIMITS.elements).map((text) => mrkdwn(text, LIMITS.section)),
})

/**
 * The first row is the head; columns but the first are aligned to the right. Rows that Slack has no room for give way to
 * one that says how many they were.
 */
export const table = (rows: readonly (readonly string[])[]): Block => {
  const wide = rows.map((row) => row.slice(0, LIMITS.tableColumns))
  const fits = (count: number): boolean =>
    count <= LIMITS.tableRows && wide.slice(0, count).flat().join('').length + 40 <= LIMITS.tableText
  let count = wide.length
  while (count > 1 && !fits(count)) count -= 1
  if (count < wide.length) count = Math.max(1, Math.min(count, LIMITS.tableRows - 1))
  const hidden = wide.length - count
  const shown =
    hidden === 0 ? wide : [...wide.slice(0, count), [`… and ${hidden} more`, ...(wide[0] ?? []).slice(1).map(() => ' ')]]
  const columns = wide[0]?.length ?? 0
  return {
    type: 'table',
    // An empty cell is refused.
    rows: shown.map((row) => row.map((text) => ({ type: 'raw_text', text: text === '' ? ' ' : text }))),
    column_settings: Array.from({ length: columns }, (_, index) => ({ align: index === 0 ? 'left' : 'right' })),
  }
}

/** A table for a Slack that has none: a code block, in which every column stands under its head. */
export const codeTable = (rows: readonly (readonly string[])[]): Block => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  const lines = rows.map((row) =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  '),
  )
  const room = LIMITS.section - 10
  let text = inert(lines.join('\n')).replaceAll('`', "'")
  if (text.length > room) text = clip(text, room)
  return section(`\`\`\`${text}\`\`\``)
}

type Series = { name: string; values: readonly number[] }

/** Days of a longer list that a chart has room for: the first, the last, and evenly between. */
export const sampled = <T>(days: readonly T[], most = LIMITS.categories): T[] => {
  if (days.length <= most) return [...days]
  const indexes = Array.from({ length: most }, (_, index) => Math.round((index * (days.length - 1)) / (most - 1)))
  return indexes.map((index) => days[index] as T)
}

/** `labels` must be unique and no more than Slack has room for; every series has a value for each. */
export const lineChart = (
  title: string,
  labels: readonly string[],
  series: readonly Series[],
  axes: { x: string; y: string },
): Block => ({
  type: 'data_visualization',
  title: clip(title, LIMITS.chartTitle),
  chart: {
    type: 'line',
    series: series.map(({ name, values }) => ({
      name: clip(name, LIMITS.chartLabel),
      data: labels.map((label, index) => ({ label: clip(label, LIMITS.chartLabel), value: values[index] ?? 0 })),
    })),
    axis_config: {
      categories: labels.map((label) => clip(label, LIMITS.chartLabel)),
      x_label: clip(axes.x, LIMITS.axisLabel),
      y_label: clip(axes.y, LIMITS.axisLabel),
    },
  },
})
