// The whole program of an AWS Lambda function: `inline.ts` turns it to JavaScript for the template, where it is CommonJS.

type Notification = { Subject?: string | null; Message: string }
type Web = { fetch: typeof fetch; sleep: (milliseconds: number) => Promise<void> }

declare const require: (name: '@aws-sdk/client-ssm') => typeof import('@aws-sdk/client-ssm')

const ATTEMPTS = 4
const LONGEST_WAIT = 10_000

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

// AWS Budgets sends text with a line `Name: value` for each fact. What it does not have is not made up.
export const render = ({ Subject, Message }: Notification): string => {
  const facts = new Map(
    [...Message.matchAll(/^([A-Z][A-Za-z ]*): *(\S.*)$/gm)].map(([, name = '', value = '']) => [name, value.trim()]),
  )
  const budget = facts.get('Budget Name')
  const kind = facts.get('Alert Type')
  const amount = facts.get(`${kind} Amount`)
  if (budget === undefined || kind === undefined || amount === undefined)
    return escaped(`:warning: ${Subject ?? 'AWS Budgets'}\n${Message.trim()}`.slice(0, 3000))
  const sign = kind === 'ACTUAL' ? ':rotating_light:' : ':chart_with_upwards_trend:'
  const threshold = facts.get('Alert Threshold') ?? 'the threshold'
  const limit = facts.get('Budgeted Amount') ?? 'unknown'
  return `${sign} *${escaped(budget)}*: ${kind.toLowerCase()} ${escaped(amount)}, threshold ${escaped(threshold)}, budget ${escaped(limit)}`
}

// Once a month is all that AWS tells: a message that may have arrived is sent again, since twice is better than never.
// No error carries the address of the webhook: it is a secret, and errors are logged.
export const post = async (webhook: string, text: string, { fetch, sleep }: Web): Promise<void> => {
  const request = { method: 'POST', headers: { 'content-type': 'application/json' }, redirect: 'error' as const }
  const body = JSON.stringify({ text, unfurl_links: false })
  let problem = ''
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    let wait = 1000 * 2 ** attempt
    try {
      const answer = await fetch(webhook, { ...request, body, signal: AbortSignal.timeout(8000) })
      if (answer.ok) return
      problem = `Slack answered ${answer.status}`
      if (answer.status !== 429 && answer.status < 500) break
      wait = Number(answer.headers.get('retry-after') ?? 0) * 1000 || wait
    } catch {
      problem = 'Slack gave no answer'
    }
    if (attempt < ATTEMPTS) await sleep(Math.min(wait, LONGEST_WAIT))
  }
  throw new Error(problem)
}

const readWebhook = async (): Promise<string> => {
  const { SSMClient, GetParameterCommand } = require('@aws-sdk/client-ssm')
  const { WEBHOOK_PARAMETER: Name, WEBHOOK_REGION: region = '' } = process.env
  const ssm = new SSMClient({ region })
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }))
    return Parameter?.Value?.trim() ?? ''
  } catch (error) {
    throw new Error(`the parameter ${Name} cannot be read: ${error instanceof Error ? error.name : 'unknown'}`)
  }
}

export const handler = async ({ Records }: { Records: { Sns: Notification }[] }): Promise<void> => {
  const webhook = await readWebhook()
  const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))
  for (const { Sns } of Records) await post(webhook, render(Sns), { fetch, sleep })
}
