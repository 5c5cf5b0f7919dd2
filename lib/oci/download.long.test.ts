import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { download } from './download.ts'

const content = randomBytes(30_000_000)
const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
const trusted = getCACertificates('default')
let server: Server
let certificate: string

/** Needs the openssl program: a registry is spoken to by TLS, which hands over more than it is asked for. */
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'download-'))
  const file = (name: string): string => join(folder, name)
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const options = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', file('key'), '-out', file('certificate')]
  execFileSync('openssl', ['req', ...options, ...subject], { stdio: 'ignore' })
  certificate = readFileSync(file('certificate'), 'utf8')
  server = createServer({ key: readFileSync(file('key')), cert: certificate }, (_, response) => {
    response.writeHead(200, { 'content-length': content.length }).end(content)
  })
  rmSync(folder, { recursive: true })
  await new Promise<void>((resolve) => server.listen(0, resolve))
})
afterAll(() => {
  setDefaultCACertificates(trusted)
  server.closeAllConnections()
  server.close()
})

const get = (host: string) =>
  download({
    url: new URL(`https://${host}:${(server.address() as AddressInfo).port}/blob`),
    headers: {},
    idle: 2000,
    signal: undefined,
  })

it('does not speak to a server whose certificate nobody vouches for', async () => {
  await expect(get('localhost')).rejects.toThrow(/self-signed certificate/)
})

it.each(['localhost', '127.0.0.1'])('reads all of a body from %s, however slowly it is taken', async (host) => {
  setDefaultCACertificates([...trusted, certificate])
  const answer = await get(host)
  const chunks: Buffer[] = []
  for await (const chunk of answer.body ?? []) {
    chunks.push(Buffer.from(chunk))
    if (chunks.length % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  }
  expect(hash(Buffer.concat(chunks))).toBe(hash(content))
})
