import { Hono } from 'hono'
import { type App, listen } from '../listen.ts'
import { faultOf } from './limits.ts'
import { inboxPage } from './page.ts'

export type SlackMessage = {
  ts: string
  channel: string
  text: string
  blocks?: Record<string, unknown>[]
  edited?: true
  thread?: string
}

/** What the next request meets instead of being taken, in order. `hang` posts the message and never answers. */
export type SlackFault = { status: number; body?: string; retryAfter?: number; location?: string } | 'hang' | 'hang-before'

export type SlackOptions = {
  /** Types of blocks that this Slack does not know. */
  lacking?: readonly string[]
  faults?: SlackFault[]
}

/** Slack as a webhook and as the Web API, enforcing its limits, with a page that shows what arrived. */
export const startSlack = async ({ lacking = [], faults = [] }: SlackOptions = {}) => {
  const messages: SlackMessage[] = []
  const waiting = [...faults]
  let requests = 0
  let revoked = false
  const token = 'xoxb-local-000000000000-token'
  const path = '/services/T00000000/B00000000/localsecretlocalsecret00'
  const app: App = new Hono()

  const take = (channel: string, body: Record<string, unknown>, ts?: string): SlackMessage => {
    const message: SlackMessage = {
      ts: ts ?? `${1_800_000_000 + messages.length}.000100`,
      channel,
      text: String(body['text'] ?? ''),
      ...(Array.isArray(body['blocks']) && { blocks: body['blocks'] }),
      ...(ts !== undefined && { edited: true as const }),
      ...(typeof body['thread_ts'] === 'string' && { thread: body['thread_ts'] }),
    }
    const index = messages.findIndex((each) => each.ts === ts)
    if (index === -1) messages.push(message)
    else messages[index] = message
    return message
  }
  const refusal = (body: Record<string, unknown>): string | undefined => {
    if (body['blocks'] === undefined) return body['text'] ? undefined : 'no_text'
    return faultOf(body['blocks'], lacking)?.code
  }
  const forever = (): Promise<never> => new Promise(() => undefined)
  /** The fault that comes next; undefined where the request goes through. */
  const strike = async (apply: () => void): Promise<Response | undefined> => {
    requests += 1
    const fault = waiting.shift()
    if (fault === undefined) return undefined
    if (fault === 'hang') apply()
    if (fault === 'hang' || fault === 'hang-before') return forever()
    const headers: Record<string, string> = {
      ...(fault.retryAfter !== undefined && { 'retry-after': String(fault.retryAfter) }),
      ...(fault.location !== undefined && { location: fault.location }),
    }
    return new Response(fault.body ?? '', { status: fault.status, headers })
  }

  app.post(path, async (context) => {
    const body = await context.req.json()
    const struck = await strike(() => take('webhook', body))
    if (struck) return struck
    if (revoked) return context.text('no_service', 404)
    const refused = refusal(body)
    if (refused !== undefined) return context.text(refused, 400)
    take('webhook', body)
    return context.text('ok')
  })
  app.post('/api/:method', async (context) => {
    const method = context.req.param('method')
    const body = await context.req.json()
    const channel = String(body.channel)
    const struck = await strike(() => take(channel, body))
    if (struck) return struck
    if (context.req.header('authorization') !== `Bearer ${token}`) return context.json({ ok: false, error: 'invalid_auth' })
    const fault = body.blocks === undefined ? undefined : faultOf(body.blocks, lacking)
    if (fault) return context.json({ ok: false, error: fault.code, response_metadata: { messages: [`[ERROR] ${fault.detail}`] } })
    if (method === 'chat.update' && !messages.some(({ ts }) => ts === body.ts))
      return context.json({ ok: false, error: 'message_not_found' })
    if (method !== 'chat.update' && method !== 'chat.postMessage') return context.json({ ok: false, error: 'unknown_method' })
    const { ts } = take(channel, body, method === 'chat.update' ? String(body.ts) : undefined)
    return context.json({ ok: true, channel, ts })
  })
  app.get('/', (context) => context.html(inboxPage(messages)))
  const server = await listen(app)
  return {
    /** Address of the page. */
    url: server.url,
    /** `127.0.0.1:PORT`, to be allowed as a host. */
    host: new URL(server.url).host,
    webhook: `${server.url}${path}`,
    token,
    messages,
    /** Requests that reached it, refused ones included. */
    requests: (): number => requests,
    revoke: (): void => {
      revoked = true
    },
    close: (): Promise<void> => server.close(),
  }
}
