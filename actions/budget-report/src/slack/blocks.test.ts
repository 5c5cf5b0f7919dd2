import { describe, expect, it } from 'vitest'
import { inert } from '../../../../lib/slack/text.ts'
import { faultOf } from '../../../../local/slack/limits.ts'
import { type Block, clip, context, fields, header, LIMITS, lineChart, sampled, section, table } from './blocks.ts'

const words = (count: number): string => 'x'.repeat(count)
const many = (count: number): string[] => Array.from({ length: count }, (_, index) => `e${index}`)

describe('a block at the limit and one above it is taken, and what is above is not lost in silence', () => {
  it.each<[string, (count: number) => Block, number]>([
    ['header', (count) => header(words(count)), LIMITS.header],
    ['section', (count) => section(words(count)), LIMITS.section],
    ['field', (count) => fields([words(count)]), LIMITS.field],
    ['table rows', (count) => table(many(count).map((name) => [name, '1'])), LIMITS.tableRows],
    ['table text', (count) => table([['head'], ...Array.from({ length: 10 }, () => [words(count / 10)])]), LIMITS.tableText],
    [
      'chart title',
      (count) => lineChart(words(count), ['1', '2'], [{ name: 'n', values: [1, 2] }], { x: 'x', y: 'y' }),
      LIMITS.chartTitle,
    ],
    [
      'series name',
      (count) => lineChart('t', ['1', '2'], [{ name: words(count), values: [1, 2] }], { x: 'x', y: 'y' }),
      LIMITS.chartLabel,
    ],
    [
      'axis label',
      (count) => lineChart('t', ['1', '2'], [{ name: 'n', values: [1, 2] }], { x: words(count), y: 'y' }),
      LIMITS.axisLabel,
    ],
  ])('%s', (_, block, limit) => {
    for (const count of [limit - 1, limit, limit + 1, limit * 2]) expect(faultOf([block(count)])).toBeUndefined()
    expect(JSON.stringify(block(limit * 2))).toMatch(/…/)
  })

  it.each<[string, (count: number) => Block, number]>([
    ['fields', (count) => fields(many(count)), LIMITS.fields],
    ['context elements', (count) => context(many(count)), LIMITS.elements],
    [
      'categories',
      (count) => {
        const labels = sampled(many(count))
        return lineChart('t', labels, [{ name: 'n', values: labels.map(() => 1) }], { x: 'x', y: 'y' })
      },
      LIMITS.categories,
    ],
  ])('number of %s', (_, block, limit) => {
    for (const count of [limit - 1, limit, limit + 1, limit * 3]) expect(faultOf([block(count)])).toBeUndefined()
  })
})

it('a table that is too long says how many rows are missing', () => {
  const block = table([['name', 'amount'], ...many(150).map((name) => [name, '1'])])
  const rows = block.type === 'table' ? block.rows : []
  expect(rows).toHaveLength(100)
  expect(rows.at(-1)?.[0]?.text).toBe('… and 52 more')
})

it('a chart keeps the first and the last day', () => {
  expect(sampled(many(31))).toHaveLength(20)
  expect([sampled(many(31))[0], sampled(many(31)).at(-1)]).toEqual(['e0', 'e30'])
})

it('nothing is cut within a character or an escape', () => {
  expect(clip('ab🟠cd', 4)).toBe('ab…')
  expect(clip(inert('ab<cd'), 6)).toBe('ab…')
})
