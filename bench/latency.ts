import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

export type Distance = { url: string; close(): Promise<void> }

/**
 * An address from which every request and every answer of `endpoint` takes half of `latency` milliseconds. The local cloud
 * answers within a few: without this, reads that follow each other would look as if they were one.
 */
export const atDistance = async (endpoint: string, latency: number): Promise<Distance> => {
  const agent = new Agent({ keepAlive: true })
  const forward = async (incoming: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const body = Buffer.concat(await incoming.toArray())
    await wait(latency / 2)
    const { method, headers } = incoming
    const outgoing = request(new URL(incoming.url ?? '/', endpoint), { method: method ?? 'POST', headers, agent })
    outgoing.once('error', () => answer.destroy())
    outgoing.once('response', async (response) => {
      const content = Buffer.concat(await response.toArray())
      await wait(latency / 2)
      answer.writeHead(response.statusCode ?? 500, response.headers).end(content)
    })
    outgoing.end(body)
  }
  const server = createServer((incoming, answer) => {
    forward(incoming, answer).catch(() => answer.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      agent.destroy()
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
