import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { faultOf } from '../../../../local/slack/limits.ts'
import { costs, monthly, options, place, sources, TODAY } from '../environment-report.case.ts'
import { reportEnvironment } from '../environment-report.ts'
import { money } from '../money.ts'
import { LIMITS } from './blocks.ts'
import { messages, type Wish } from './message.ts'

const reports = async (count = 1, services: readonly string[] = ['Amazon ECS', 'AWS Lambda'], name = 'prod') =>
  Promise.all(
    Array.from({ length: count }, (_, index) =>
      reportEnvironment(
        place({ environment: count === 1 ? name : `${name}-${index}` }),
        sources({
          costs: () =>
            Promise.resolve(
              costs({
                rows: services.flatMap((service, at) =>
                  ['2026-11-02', '2026-11-17', '2026-10-03'].map((day) => ({
                    day,
                    service,
                    recordType: 'Usage',
                    amount: money(String(at + 1)),
                  })),
                ),
              }),
            ),
        }),
        options(),
      ),
    ),
  )

const wish = async (over: Partial<Wish> = {}): Promise<Wish> => ({
  reports: await reports(),
  links: [{ text: 'run', url: 'https://github.com/acme/shop/actions/runs/1' }],
  mention: undefined,
  top: 8,
  short: false,
  ...over,
})

describe('the ladder', () => {
  it('goes from everything to text, and no rung says what the one before said', async () => {
    const ladder = messages(await wish())
    expect(ladder.map(({ rendering }) => rendering)).toEqual(['full', 'without-chart', 'without-table', 'text'])
    const types = ladder.map(({ blocks }) => blocks?.map(({ type }) => type) ?? [])
    expect(types[0]).toEqual(['header', 'section', 'section', 'data_visualization', 'table', 'section', 'context'])
    expect(types[1]).not.toContain('data_visualization')
    expect(types[2]).not.toContain('table')
    expect(types[3]).toEqual([])
  })

  it('has one rung less where there is no chart', async () => {
    const ladder = messages(await wish({ reports: await reports(3) }))
    expect(ladder.map(({ rendering }) => rendering)).toEqual(['full', 'without-table', 'text'])
  })
})

it('a green report may be two blocks and a line', async () => {
  const [first] = messages(await wish({ short: true }))
  expect(first?.blocks?.map(({ type }) => type)).toEqual(['header', 'section', 'context'])
})

it('Slack takes every rung, whatever the services and the environments are called', async () => {
  const name = fc.string({ minLength: 1, maxLength: 200, unit: 'binary' })
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(name, { minLength: 1, maxLength: 30 }),
      name,
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 30 }),
      async (services, environment, count, top) => {
        const ladder = messages(
          await wish({ reports: await reports(count, services, environment), top, mention: '<!subteam^S0123456789>' }),
        )
        for (const { blocks, text } of ladder) {
          if (blocks) expect(faultOf(blocks)).toBeUndefined()
          expect(text.length).toBeLessThanOrEqual(LIMITS.text)
          if (blocks) expect(JSON.stringify(blocks).length).toBeLessThanOrEqual(13_000)
        }
      },
    ),
    { numRuns: 30 },
  )
})

it('names from AWS mention nobody and link nowhere', async () => {
  const evil = '<!channel> *b* `c` <https://evil.example|x> @here'
  const [full] = messages(await wish({ reports: await reports(1, [evil], '<!everyone>') }))
  const texts = full?.blocks?.flatMap((block) => ('text' in block && block.text ? [block.text.text] : [])).slice(1) ?? []
  expect(texts.join('\n')).not.toMatch(/<!|<https:\/\/evil/)
  expect(full?.text).not.toContain('<!')
})

it('the same service twice does not make two columns of a chart', async () => {
  const [full] = messages(
    await wish({
      reports: [
        await reportEnvironment(place(), sources({ budgets: () => Promise.resolve([monthly()]) }), options({ today: TODAY })),
      ],
    }),
  )
  const chart = full?.blocks?.find(({ type }) => type === 'data_visualization')
  expect(JSON.stringify(chart)).toContain('"name":"Spend + forecast"')
  expect(faultOf(full?.blocks)).toBeUndefined()
})
