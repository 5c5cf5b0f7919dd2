import type { AddressInfo } from 'node:net'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import type { Hono } from 'hono'

/** A Hono application that can reach the sockets below it, which faults and streamed uploads need. */
export type App = Hono<{ Bindings: HttpBindings }>

export type Listener = {
  port: number
  /** `http://127.0.0.1:PORT`, no slash at the end. */
  url: string
  /** Destroys every open connection, so that a request that hangs does not keep the process alive. */
  close(): Promise<void>
}

/** Serves an application, on loopback unless told otherwise. Port 0 lets the system choose. */
export const listen = async (app: App, port = 0, host = '127.0.0.1'): Promise<Listener> => {
  const server = createAdaptorServer({ fetch: app.fetch, hostname: host })
  // Longer than any client keeps an idle connection: otherwise a reused one may be reset by us just as a request is written.
  if ('keepAliveTimeout' in server) server.keepAliveTimeout = 120_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve())
  })
  const chosen = (server.address() as AddressInfo).port
  return {
    port: chosen,
    url: `http://${host}:${chosen}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        if ('closeAllConnections' in server) server.closeAllConnections()
      }),
  }
}
