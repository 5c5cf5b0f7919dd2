import type { Clock } from '../../../../lib/runner/clock.ts'
import type { Message, Rendering } from './message.ts'

/** Where a message goes. The address of a webhook is a secret; so is a token. */
export type Slack = { kind: 'webhook'; url: string } | Bot

type Bot = {
  kind: 'bot'
  api: string
  token: string
  channel: string
  /** Message to replace instead of posting another. */
  ts?: string
  /** Message to answer below. */
  thread?: string
}

export type Sent = {
  /** `unknown`: Slack may or may not have posted it. It is not sent again, because nobody wants it twice. */
  result: 'posted' | 'unknown'
  rendering: Rendering
  /** Where it stands in the channel; a webhook does not tell. */
  ts?: string
  warning?: string
}

export type Web = { fetch: typeof fetch; clock: Clock; timeout: number }

/** Codes with which Slack refuses the blocks and nothing else: it posted nothing, so a plainer message may follow. */
const TOO_MUCH = /invalid_blocks|msg_blocks_too_long|msg_too_long|invalid_attachments|block_mismatch/

/** Longest that is waited when Slack asks for patience. */
const PATIENCE = 60_000

/** Sends the first message that Slack takes. Rejects with Slack's own reason; the address is in no error. */
export const send = async (slack: Slack, ladder: readonly Message[], web: Web): Promise<Sent> => {
  let refusal = ''
  for (const message of ladder) {
    const answer = await deliver(slack, message, web)
    if (answer.result !== 'refused') return { ...answer, rendering: message.rendering }
    refusal = answer.reason
    if (!TOO_MUCH.test(refusal) && !answer.isMalformed) break
  }
  throw new Error(`Slack refused the report: ${refusal}${remedy(refusal)}`)
}

type Answer =
  | { result: 'posted' | 'unknown'; ts?: string; warning?: string }
  | { result: 'refused'; reason: string /** Slack did not like the form of it, under whatever name. */; isMalformed?: boolean }

const deliver = async (slack: Slack, message: Message, web: Web): Promise<Answer> => {
  let patient = true
  let again = true
  for (;;) {
    const answer = await post(slack, message, web)
    if (answer.kind === 'lost')
      return { result: 'unknown', warning: 'Slack gave no answer: the report may be posted or not, and is not sent twice' }
    if (answer.kind === 'unreachable') return { result: 'refused', reason: 'no connection to Slack' }
    if (answer.status === 429 && patient) {
      patient = false
      await web.clock.sleep(Math.min(answer.retryAfter * 1000, PATIENCE))
      continue
    }
    if (answer.status >= 500 && again) {
      again = false
      await web.clock.sleep(1_000)
      continue
    }
    return read(slack, answer)
  }
}

const read = (slack: Slack, { status, body }: { status: number; body: string }): Answer => {
  if (slack.kind === 'webhook') {
    if (status === 200) return { result: 'posted' }
    return { result: 'refused', reason: body.trim().slice(0, 200) || `status ${status}`, isMalformed: status === 400 }
  }
  try {
    const { ok, error, ts, response_metadata: details } = JSON.parse(body)
    if (ok === true) return { result: 'posted', ...(typeof ts === 'string' && { ts }) }
    const more = Array.isArray(details?.messages) ? ` (${details.messages.join('; ').slice(0, 300)})` : ''
    return { result: 'refused', reason: `${error ?? `status ${status}`}${more}` }
  } catch {
    return { result: 'refused', reason: `status ${status}` }
  }
}

type Reply =
  | { kind: 'answer'; status: number; body: string; retryAfter: number }
  /** Sent, but no answer came. */
  | { kind: 'lost' }
  /** Nothing was sent. */
  | { kind: 'unreachable' }

/** Words of a connection that never stood; anything later may have carried the message. */
const NEVER_SENT =
  /bad port|unexpected redirect|CERT|UNABLE_TO_|ERR_TLS|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT/

const post = async (slack: Slack, message: Message, { fetch, timeout }: Web): Promise<Reply> => {
  const { url, headers, body } = requestOf(slack, message)
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(timeout),
    })
    const retryAfter = Number(response.headers.get('retry-after') ?? 1)
    return {
      kind: 'answer',
      status: response.status,
      body: await response.text(),
      retryAfter: Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : 1,
    }
  } catch (error) {
    const { code, message: why } = ((error as Error).cause ?? {}) as { code?: unknown; message?: unknown }
    return { kind: NEVER_SENT.test(`${code} ${why}`) ? 'unreachable' : 'lost' }
  }
}

const requestOf = (slack: Slack, { text, blocks }: Message) => {
  const content = { text, ...(blocks && { blocks }), unfurl_links: false, unfurl_media: false }
  if (slack.kind === 'webhook') return { url: slack.url, headers: {}, body: content }
  const { api, token, channel, ts, thread } = slack
  return {
    url: `${api}${ts === undefined ? 'chat.postMessage' : 'chat.update'}`,
    headers: { authorization: `Bearer ${token}` },
    body: { channel, ...content, ...(ts !== undefined && { ts }), ...(thread !== undefined && { thread_ts: thread }) },
  }
}

const REMEDIES: [RegExp, string][] = [
  [/no_service|invalid_token|no_active_hooks|no_team/, '; the webhook was revoked: make a new one'],
  [/channel_not_found|not_in_channel/, '; invite the app to the channel, or correct the channel'],
  [/channel_is_archived/, '; the channel is archived'],
  [/invalid_auth|token_revoked|account_inactive/, '; the token is not valid: make a new one'],
  [/missing_scope/, '; give the app the scope chat:write'],
  [/no connection/, '; nothing was posted'],
]

const remedy = (reason: string): string => REMEDIES.find(([pattern]) => pattern.test(reason))?.[1] ?? ''
