import { describe, expect, it } from 'vitest'
import { faultOf } from './limits.ts'

const words = (count: number): string => 'x'.repeat(count)
const list = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index))
const text = (count: number) => ({ type: 'mrkdwn', text: words(count) })
const cell = (content = 'x') => ({ type: 'raw_text', text: content })
const chart = (categories: number, over: object = {}) => {
  const labels = list(categories, (index) => `c${index}`)
  const data = labels.map((label) => ({ label, value: 1 }))
  const axis_config = { categories: labels, x_label: 'x', y_label: 'y' }
  return { type: 'data_visualization', title: 't', chart: { type: 'line', series: [{ name: 'n', data }], axis_config }, ...over }
}

describe('Slack takes what is at a limit, and refuses one more', () => {
  it.each<[string, number, (count: number) => unknown[]]>([
    ['blocks', 50, (count) => list(count, () => ({ type: 'divider' }))],
    ['characters of a header', 150, (count) => [{ type: 'header', text: { type: 'plain_text', text: words(count) } }]],
    ['characters of a section', 3_000, (count) => [{ type: 'section', text: text(count) }]],
    ['fields', 10, (count) => [{ type: 'section', fields: list(count, () => text(1)) }]],
    ['characters of a field', 2_000, (count) => [{ type: 'section', fields: [text(count)] }]],
    ['elements of a context', 10, (count) => [{ type: 'context', elements: list(count, () => text(1)) }]],
    ['rows of a table', 100, (count) => [{ type: 'table', rows: list(count, () => [cell()]) }]],
    ['columns of a table', 20, (count) => [{ type: 'table', rows: [list(count, () => cell())] }]],
    ['characters of a table', 10_000, (count) => [{ type: 'table', rows: [[cell(words(count))]] }]],
    ['tables', 1, (count) => list(count, () => ({ type: 'table', rows: [[cell()]] }))],
    ['charts', 2, (count) => list(count, () => chart(2))],
    ['categories', 20, (count) => [chart(count)]],
    ['characters of a title', 50, (count) => [chart(2, { title: words(count) })]],
  ])('%s: %i', (_, limit, blocks) => {
    expect(faultOf(blocks(limit))).toBeUndefined()
    expect(faultOf(blocks(limit + 1))).toMatchObject({ code: 'invalid_blocks' })
  })
})

it('names the place of the fault', () => {
  expect(faultOf([{ type: 'section', fields: list(11, () => text(1)) }])?.detail).toContain('/blocks/0/fields')
})

it('refuses labels that are no category, values that are no number, and types that it does not know', () => {
  const odd = chart(2)
  odd.chart.series[0]?.data.reverse()
  expect(faultOf([odd])?.detail).toContain('labels must be the categories')
  expect(faultOf([{ type: 'alert' }])?.detail).toContain('unsupported type: alert')
})
