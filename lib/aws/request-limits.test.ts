import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { afterEach, expect, test } from 'vitest'
import { call, isPassing } from './errors.ts'
import { requestLimits } from './request-limits.ts'

let server: Server
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

const answers: [what: string, answer: RequestListener][] = [
  ['never comes', () => undefined],
  ['stalls in its body', (_, response) => response.writeHead(200, { 'content-length': '100' }).write('{')],
]

test.each(answers)(
  'a request whose answer %s is given up in time, and may be sent again',
  async (_, answer) => {
    server = createServer(answer).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const config = { endpoint, region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, maxAttempts: 1 }
    const ssm = new SSMClient({ ...config, requestHandler: requestLimits(300) })
    const sent = call('ssm:PutParameter', () => ssm.send(new PutParameterCommand({ Name: '/x', Value: 'v', Type: 'String' })))
    const error = await sent.catch((each: unknown) => each)
    expect(error).toMatchObject({ message: "ssm:PutParameter did not answer in time; see 'request-timeout'" })
    expect(isPassing(error)).toBe(true)
  },
  5_000,
)
