import { afterEach, describe, expect, it } from 'vitest'
import { type SlackFault, type SlackOptions, startSlack } from '../../../../local/slack/inbox.ts'
import { header, lineChart, table } from './blocks.ts'
import type { Message } from './message.ts'
import { type Slack, send } from './send.ts'

let slack: Awaited<ReturnType<typeof startSlack>>
afterEach(() => slack.close())

const chart = lineChart('t', ['1', '2'], [{ name: 'n', values: [1, 2] }], { x: 'x', y: 'y' })
const ladder: Message[] = [
  { rendering: 'full', text: 'report', blocks: [header('report'), chart, table([['a'], ['b']])] },
  { rendering: 'without-chart', text: 'report', blocks: [header('report'), table([['a'], ['b']])] },
  { rendering: 'without-table', text: 'report', blocks: [header('report')] },
  { rendering: 'text', text: 'report' },
]

const waits: number[] = []
const clock = {
  now: () => 0,
  monotonic: () => 0,
  sleep: (milliseconds: number) => {
    waits.push(milliseconds)
    return Promise.resolve()
  },
}

const through = async (kind: 'webhook' | 'bot', options: SlackOptions, more: Partial<Extract<Slack, { kind: 'bot' }>> = {}) => {
  slack = await startSlack(options)
  waits.length = 0
  const to: Slack =
    kind === 'webhook'
      ? { kind, url: slack.webhook }
      : { kind, api: `${slack.url}/api/`, token: slack.token, channel: 'C0123456789', ...more }
  return send(to, ladder, { fetch, clock, timeout: 1_000 })
}

describe.each(['webhook', 'bot'] as const)('by %s', (kind) => {
  it.each([
    [[], 'full'],
    [['data_visualization'], 'without-chart'],
    [['data_visualization', 'table'], 'without-table'],
    [['data_visualization', 'table', 'header'], 'text'],
  ])('a Slack that lacks %j gets %s, posted once', async (lacking, rendering) => {
    expect(await through(kind, { lacking })).toMatchObject({ result: 'posted', rendering })
    expect(slack.messages).toHaveLength(1)
  })

  it.each<[string, SlackFault[], string, number]>([
    ['429 is waited for as long as Slack asks', [{ status: 429, retryAfter: 7 }], 'posted', 2],
    ['one 500 is tried again', [{ status: 500 }], 'posted', 2],
    ['a request that Slack took without an answer is not sent again', ['hang'], 'unknown', 1],
    ['a request whose fate is not known is not sent again', ['hang-before'], 'unknown', 1],
  ])('%s', async (_, faults, result, requests) => {
    expect((await through(kind, { faults })).result).toBe(result)
    expect(slack.requests()).toBe(requests)
    expect(slack.messages.length).toBeLessThanOrEqual(1)
  })

  it.each<[string, SlackFault[], number]>([
    [
      '429 twice',
      [
        { status: 429, retryAfter: 1 },
        { status: 429, retryAfter: 1 },
      ],
      2,
    ],
    ['500 twice', [{ status: 500 }, { status: 503 }], 2],
  ])('%s ends in an error, and nothing was posted', async (_, faults, requests) => {
    await expect(through(kind, { faults })).rejects.toThrow(/Slack refused the report/)
    expect(slack.requests()).toBe(requests)
    expect(slack.messages).toEqual([])
  })
})

it('waits for what Slack asked, and no longer than a minute', async () => {
  await through('webhook', { faults: [{ status: 429, retryAfter: 3_600 }] })
  expect(waits).toEqual([60_000])
})

it("a revoked webhook is told in Slack's words, with what to do, and without the address", async () => {
  slack = await startSlack()
  slack.revoke()
  const sent = send({ kind: 'webhook', url: slack.webhook }, ladder, { fetch, clock, timeout: 1_000 })
  await expect(sent).rejects.toThrow('Slack refused the report: no_service; the webhook was revoked: make a new one')
  expect(slack.requests()).toBe(1)
})

it('ok:false is a refusal, though the status is 200', async () => {
  await expect(through('bot', {}, { token: 'wrong' })).rejects.toThrow('invalid_auth; the token is not valid')
})

it('an unreachable Slack is an error without the address', async () => {
  slack = await startSlack()
  const { webhook } = slack
  await slack.close()
  const sent = send({ kind: 'webhook', url: webhook }, ladder, { fetch, clock, timeout: 1_000 })
  await expect(sent).rejects.toThrow(/^Slack refused the report: no connection to Slack; nothing was posted$/)
})

it('a bot replaces its message of the same day', async () => {
  const { ts = '' } = await through('bot', {})
  const bot: Slack = { kind: 'bot', api: `${slack.url}/api/`, token: slack.token, channel: 'C0123456789', ts }
  expect(await send(bot, ladder, { fetch, clock, timeout: 1_000 })).toMatchObject({ result: 'posted', ts })
  expect(slack.messages).toMatchObject([{ ts, edited: true }])
})

it('a form that Slack does not like goes down the ladder, under whatever name', async () => {
  const sent = await through('webhook', { faults: [{ status: 400, body: 'invalid_payload' }] })
  expect(sent).toMatchObject({ result: 'posted', rendering: 'without-chart' })
})

it('an address that points elsewhere got nothing, and is an error', async () => {
  const faults = [{ status: 307, location: 'https://elsewhere.example/' }] as SlackFault[]
  await expect(through('webhook', { faults })).rejects.toThrow('Slack refused the report')
})
