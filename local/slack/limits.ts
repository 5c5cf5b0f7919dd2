/** Why Slack would refuse blocks: the place as a JSON pointer, as its errors have it. Written from docs.slack.dev alone. */
export type Fault = { code: 'invalid_blocks' | 'msg_blocks_too_long'; detail: string }

type Json = Record<string, unknown>

/** Length of a message's blocks from which Slack was seen to refuse (slackapi/bolt-js#2509); documented nowhere. */
const MESSAGE = 13_000

type Check = (block: Json, at: string) => string[]

const isText = (value: unknown): value is { type: string; text: string } =>
  typeof value === 'object' && value !== null && typeof (value as Json)['text'] === 'string'

const text = (value: unknown, most: number, at: string, types = ['mrkdwn', 'plain_text']): string[] => {
  if (!isText(value) || !types.includes(value.type)) return [`must be a text object ${at}`]
  if (value.text.length === 0) return [`must be more than 0 characters ${at}/text`]
  return value.text.length > most ? [`must be less than ${most + 1} characters ${at}/text`] : []
}

const list = (value: unknown, most: number, at: string): string[] => {
  if (!Array.isArray(value) || value.length === 0) return [`must be a list with entries ${at}`]
  return value.length > most ? [`no more than ${most} items allowed ${at}`] : []
}

const each = (value: unknown, check: (entry: unknown, at: string) => string[], at: string): string[] =>
  Array.isArray(value) ? value.flatMap((entry, index) => check(entry, `${at}/${index}`)) : []

const plain = (value: unknown, most: number, at: string): string[] =>
  typeof value === 'string' && value.length > 0 && value.length <= most ? [] : [`must be text of 1 to ${most} characters ${at}`]

const CHECKS: Record<string, Check> = {
  header: (block, at) => text(block['text'], 150, `${at}/text`, ['plain_text']),
  section: (block, at) => [
    ...(block['text'] === undefined && block['fields'] === undefined ? [`must have text or fields ${at}`] : []),
    ...(block['text'] === undefined ? [] : text(block['text'], 3_000, `${at}/text`)),
    ...(block['fields'] === undefined ? [] : list(block['fields'], 10, `${at}/fields`)),
    ...each(block['fields'], (field, place) => text(field, 2_000, place), `${at}/fields`),
  ],
  context: (block, at) => [
    ...list(block['elements'], 10, `${at}/elements`),
    ...each(block['elements'], (element, place) => text(element, 3_000, place), `${at}/elements`),
  ],
  divider: () => [],
  table: (block, at) => {
    const rows = Array.isArray(block['rows']) ? (block['rows'] as unknown[]) : []
    const cells = rows.flatMap((row) => (Array.isArray(row) ? (row as Json[]) : []))
    const characters = cells.reduce((total, cell) => total + String(cell['text'] ?? '').length, 0)
    return [
      ...list(block['rows'], 100, `${at}/rows`),
      ...each(rows, (row, place) => list(row, 20, place), `${at}/rows`),
      ...(block['column_settings'] === undefined ? [] : list(block['column_settings'], 20, `${at}/column_settings`)),
      ...(characters > 10_000 ? [`no more than 10000 characters in all cells ${at}/rows`] : []),
      ...cells.flatMap((cell) =>
        cell['type'] === 'raw_text' && String(cell['text'] ?? '') !== '' ? [] : [`cells must be raw_text with text ${at}/rows`],
      ),
    ]
  },
  data_visualization: (block, at) => {
    const chart = (block['chart'] ?? {}) as Json
    const axes = (chart['axis_config'] ?? {}) as Json
    const categories = Array.isArray(axes['categories']) ? (axes['categories'] as string[]) : []
    const series = Array.isArray(chart['series'])
      ? (chart['series'] as { name: string; data: { label: string; value: unknown }[] }[])
      : []
    return [
      ...plain(block['title'], 50, `${at}/title`),
      ...(['line', 'bar', 'area'].includes(String(chart['type'])) ? [] : [`unknown chart ${at}/chart/type`]),
      ...list(categories, 20, `${at}/chart/axis_config/categories`),
      ...(new Set(categories).size === categories.length ? [] : [`must be unique ${at}/chart/axis_config/categories`]),
      ...each(categories, (label, place) => plain(label, 20, place), `${at}/chart/axis_config/categories`),
      ...['x_label', 'y_label'].flatMap((name) => plain(axes[name], 50, `${at}/chart/axis_config/${name}`)),
      ...list(series, 12, `${at}/chart/series`),
      ...(new Set(series.map(({ name }) => name)).size === series.length ? [] : [`names must be unique ${at}/chart/series`]),
      ...series.flatMap(({ name, data }, index) => [
        ...plain(name, 20, `${at}/chart/series/${index}/name`),
        ...(JSON.stringify(data.map(({ label }) => label)) === JSON.stringify(categories)
          ? []
          : [`labels must be the categories ${at}/chart/series/${index}/data`]),
        ...(data.every(({ value }) => typeof value === 'number' && Number.isFinite(value))
          ? []
          : [`values must be finite numbers ${at}/chart/series/${index}/data`]),
      ]),
    ]
  },
}

const KINDS_AT_MOST: Record<string, number> = { table: 1, data_visualization: 2 }

/** @param lacking types of blocks that this Slack does not know, as an older one */
export const faultOf = (blocks: unknown, lacking: readonly string[] = []): Fault | undefined => {
  const found = list(blocks, 50, '/blocks')
  const entries = Array.isArray(blocks) ? (blocks as Json[]) : []
  for (const [index, block] of entries.entries()) {
    const type = String(block['type'])
    const check = lacking.includes(type) ? undefined : CHECKS[type]
    found.push(...(check ? check(block, `/blocks/${index}`) : [`unsupported type: ${type} /blocks/${index}/type`]))
  }
  for (const [type, most] of Object.entries(KINDS_AT_MOST))
    if (entries.filter((block) => block['type'] === type).length > most) found.push(`only ${most} of ${type} allowed /blocks`)
  if (found[0] !== undefined) return { code: 'invalid_blocks', detail: found[0] }
  if (JSON.stringify(blocks).length > MESSAGE) return { code: 'msg_blocks_too_long', detail: 'blocks are too long' }
  return undefined
}
