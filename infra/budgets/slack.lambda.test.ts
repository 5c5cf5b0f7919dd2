import { describe, expect, it } from 'vitest'
import { notification } from './notification.case.ts'
import { post, render } from './slack.lambda.ts'

describe('what Slack is told', () => {
  it.each([
    [{}, ':rotating_light: *shop-dev*: actual $85.21, threshold &gt; $80.00, budget $100.00'],
    [
      { 'Alert Type': 'FORECASTED', 'FORECASTED Amount': '$130.00', 'Budget Name': 'shop-dev-<!channel>' },
      ':chart_with_upwards_trend: *shop-dev-&lt;!channel&gt;*: forecasted $130.00, threshold &gt; $80.00, budget $100.00',
    ],
    [
      { 'Budgeted Amount': '750 Hrs', 'Alert Threshold': '> 375 Hrs', 'ACTUAL Amount': '376.5 Hrs' },
      ':rotating_light: *shop-dev*: actual 376.5 Hrs, threshold &gt; 375 Hrs, budget 750 Hrs',
    ],
  ])('is one line with what AWS has said: %j', (facts, text) => {
    expect(render(notification(facts))).toBe(text)
  })

  it('is the text of AWS where it is in another form, cut and escaped', () => {
    expect(render({ Subject: null, Message: `{"budget": "<x>"}${'y'.repeat(5000)}` })).toMatch(
      /^:warning: AWS Budgets\n\{"budget": "&lt;x&gt;"\}y+$/,
    )
    expect(render({ Subject: 'S', Message: 'y'.repeat(5000) }).length).toBeLessThan(3100)
  })
})

type Answer = { status: number; headers?: Record<string, string> } | 'lost'

const webhook = 'https://hooks.slack.com/services/T0/B0/secretsecret'

const slack = (answers: Answer[]) => {
  const waited: number[] = []
  let requests = 0
  const fetch: typeof globalThis.fetch = async (url) => {
    requests += 1
    const answer = answers.shift() ?? { status: 200 }
    if (answer === 'lost') throw new TypeError(`fetch failed: ${url}`)
    return new Response('no_service', answer)
  }
  const sleep = async (milliseconds: number): Promise<void> => {
    waited.push(milliseconds)
  }
  return { web: { fetch, sleep }, waited, requests: () => requests }
}

describe('a message to Slack', () => {
  it.each<[string, Answer[], number[]]>([
    ['after as long as Slack asks for', [{ status: 429, headers: { 'retry-after': '3' } }], [3000]],
    ['after ten seconds where Slack asks for more', [{ status: 429, headers: { 'retry-after': '600' } }], [10_000]],
    ['after an error of Slack', [{ status: 500 }, { status: 503 }], [2000, 4000]],
    ['after a request without an answer', ['lost'], [2000]],
  ])('is sent again %s', async (_, answers, waits) => {
    const { web, waited } = slack(answers)
    await post(webhook, 'x', web)
    expect(waited).toEqual(waits)
  })

  it('is given up after four requests, and at once where Slack refuses it; the address is in no error', async () => {
    const busy = slack(Array.from({ length: 9 }, () => ({ status: 500 })))
    await expect(post(webhook, 'x', busy.web)).rejects.toThrow(/^Slack answered 500$/)
    expect(busy.requests()).toBe(4)
    const revoked = slack([{ status: 404 }])
    await expect(post(webhook, 'x', revoked.web)).rejects.toThrow(/^Slack answered 404$/)
    expect(revoked.requests()).toBe(1)
    const lost = slack(['lost', 'lost', 'lost', 'lost'])
    await expect(post(webhook, 'x', lost.web)).rejects.toThrow(/^Slack gave no answer$/)
  })
})
