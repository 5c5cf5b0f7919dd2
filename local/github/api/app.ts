import type { HttpBindings } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import type { App } from '../../listen.ts'
import { page } from './pages.ts'
import { allows, type TokenOwner, type Tokens } from './permissions.ts'
import { GitHubError, type Reply, type Request, type Route, schemaFault } from './route.ts'
import { routes } from './routes.ts'
import type { GitHubState } from './state.ts'

type Answer = { status: number; body?: object | undefined; headers?: Record<string, string> }

const failure = (
  status: number,
  message: string,
  docs: string,
  errors?: unknown[],
  headers: Record<string, string> = {},
): Answer => ({
  status,
  headers,
  body: {
    message,
    ...(errors && { errors }),
    documentation_url: `https://docs.github.com/rest${docs === '' ? '' : `/${docs}`}`,
    status: String(status),
  },
})

const who = { integration: 'integration', person: 'personal access token' }

/** The permission check, in GitHub's words and with the header that names what would have been enough. */
const refusal = (route: Route, owner: TokenOwner): Answer | undefined => {
  if (route.needs.length === 0 || route.needs.some(([name, level]) => allows(owner.permissions, name, level))) return undefined
  const accepted = route.needs.map(([name, level]) => `${name}=${level}`).join('; ')
  const message = `Resource not accessible by ${who[owner.kind]}`
  return failure(403, message, route.docs, undefined, { 'x-accepted-github-permissions': accepted })
}

const respond = (reply: Reply, url: URL): Answer => {
  if (!('list' in reply)) return { status: reply.status ?? 200, body: reply.body }
  const { entries, link } = page(reply.list, url)
  const body = reply.under === undefined ? entries : { total_count: reply.list.length, [reply.under]: entries }
  return { status: 200, body, headers: link === undefined ? {} : { link } }
}

const parse = (text: string): unknown => (text === '' ? {} : JSON.parse(text))

const isHere = ({ owner, repository }: GitHubState, params: Record<string, string>): boolean => {
  const named = `${params['owner']}/${params['repo']}`.toLowerCase()
  return params['repo'] === undefined || named === `${owner.login}/${repository.name}`.toLowerCase()
}

const perform = (route: Route, given: Omit<Request, 'body'>, text: string, url: URL): Answer => {
  if (!isHere(given.state, given.params) || !given.actor.hasAccess) return failure(404, 'Not Found', route.docs)
  const refused = refusal(route, given.actor)
  if (refused) return refused
  let body: unknown
  try {
    body = parse(text)
  } catch {
    return failure(400, 'Problems parsing JSON', '')
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return failure(400, 'Body should be a JSON object', '')
  const fault = schemaFault(route.fields ?? {}, body as Record<string, unknown>)
  if (fault !== undefined) return failure(422, fault, route.docs)
  try {
    return respond(route.run({ ...given, body: body as Record<string, unknown> }), url)
  } catch (error) {
    const known = error instanceof GitHubError ? error : undefined
    if (known === undefined) throw error
    return failure(known.status, known.message, known.status === 501 ? '' : route.docs, known.errors)
  }
}

/**
 * GitHub's REST API for one repository, as far as the product calls it. Tokens are checked as GitHub does: 401 for one that
 * is unknown, 403 where it lacks the route's permission, 404 where it may not see the repository. A route that is not
 * served is answered with 501 and its name.
 */
export const gitHubApp = (state: GitHubState, tokens: Tokens): App => {
  const app: App = new Hono<{ Bindings: HttpBindings }>()
  const identify = ({ req }: Context): TokenOwner | undefined => {
    const [, token = ''] = /^(?:bearer|token) (.+)$/i.exec(req.header('authorization') ?? '') ?? []
    return tokens.owner(token)
  }
  const send = (context: Context, answer: Answer, by?: TokenOwner, body?: string) => {
    const { method, path } = context.req
    state.calls.push({ method, path, status: answer.status, by: by?.login, body })
    const headers = { 'x-github-request-id': String(state.calls.length), 'x-ratelimit-remaining': '4999', ...answer.headers }
    if (answer.status === 204) return context.body(null, 204, headers)
    return context.json(answer.body ?? {}, answer.status as 200, headers)
  }
  for (const route of routes) {
    app.on(route.method, route.path, async (context) => {
      const actor = identify(context)
      const text = await context.req.text()
      if (actor === undefined) return send(context, failure(401, 'Bad credentials', ''), undefined, text)
      const url = new URL(context.req.url)
      const params = context.req.param() as Record<string, string>
      const query = Object.fromEntries(url.searchParams)
      return send(context, perform(route, { state, params, query, actor, base: url.origin }, text, url), actor, text)
    })
  }
  app.all('*', (context) =>
    send(context, failure(501, `Not served by this stand-in: ${context.req.method} ${context.req.path}`, ''), identify(context)),
  )
  app.onError((error, context) => {
    console.error(error)
    return send(context, failure(500, `the stand-in failed: ${error.message}`, ''))
  })
  return app
}
