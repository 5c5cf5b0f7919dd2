import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { type RequestIdVariables, requestId } from 'hono/request-id'
import type { Configuration } from './configuration.ts'
import { convert, unitNames } from './convert.ts'
import type { Log } from './log.ts'

/** Where the process is in its life. Only a ready one is sent requests. */
export type Status = 'starting' | 'ready' | 'draining'

export type Instance = { status: Status; digest?: string }

/** The HTTP interface, without a server, so that it runs in a test, behind a socket or in a function alike. */
export const createApp = ({ service, version, environment }: Configuration, instance: Instance, log: Log) => {
  const app = new Hono<{ Variables: RequestIdVariables }>()
  app.use(requestId())
  app.use(async (c, next) => {
    const started = performance.now()
    await next()
    // A draining server must not be given the next request of a kept connection.
    if (instance.status === 'draining') c.header('Connection', 'close')
    const fields = { requestId: c.get('requestId'), method: c.req.method, path: c.req.path, status: c.res.status }
    log[c.req.path === '/healthz' ? 'debug' : 'info']('request', {
      ...fields,
      milliseconds: Math.round(performance.now() - started),
    })
  })
  app.get('/healthz', (c) => c.json({ status: instance.status }, instance.status === 'ready' ? 200 : 503))
  app.get('/version', (c) => c.json({ service, version, ...(instance.digest && { digest: instance.digest }), environment }))
  app.get('/units', (c) => c.json({ units: unitNames }))
  app.get('/convert', (c) => {
    const { value, from, to } = c.req.query()
    try {
      return c.json({ value: convert({ value, from, to }), unit: to })
    } catch (error) {
      if (error instanceof RangeError) return c.json({ error: error.message }, 400)
      throw error
    }
  })
  app.notFound((c) => c.json({ error: `nothing is at ${c.req.path}` }, 404))
  app.onError((error, c) => {
    if (error instanceof HTTPException) return c.json({ error: error.message }, error.status)
    log.error('request failed', { requestId: c.get('requestId'), stack: error.stack })
    return c.json({ error: 'internal error' }, 500)
  })
  return app
}

export type App = ReturnType<typeof createApp>
