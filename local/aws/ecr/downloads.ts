import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { type App, type Listener, listen } from '../../listen.ts'
import type { Repository } from './repositories.ts'
import type { OciStore } from './store.ts'

const hour = 3_600_000

const onlyOne = 'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter should be specified'

const s3Error = (status: number, code: string, message: string): Response =>
  new Response(`<Error><Code>${code}</Code><Message>${message}</Message></Error>`, {
    status,
    headers: { 'content-type': 'application/xml' },
  })

/**
 * What pre-signed S3 URLs are to ECR: layers behind a token in the query that is valid an hour. Like S3 it refuses an
 * `Authorization` header. Its host is `localhost`, not the registry's `127.0.0.1`, so that clients drop theirs on the redirect.
 */
export const createDownloads = (store: OciStore, now: () => Date) => {
  const granted = new Map<string, { path: string; expiresAt: number }>()
  let listener: Promise<Listener> | undefined
  const app: App = new Hono<{ Bindings: HttpBindings }>()

  app.get('/layers/*', async ({ req }) => {
    if (req.header('authorization') !== undefined) return s3Error(400, 'InvalidArgument', onlyOne)
    const [path = '', digest = ''] = req.path.slice('/layers/'.length).split('@')
    const grant = granted.get(req.query('X-Amz-Signature') ?? '')
    if (grant?.path !== `${path}@${digest}`) return s3Error(403, 'AccessDenied', 'Access Denied')
    if (grant.expiresAt <= now().getTime()) return s3Error(403, 'AccessDenied', 'Request has expired')
    const [size, blob] = await Promise.all([store.statBlob(path, digest), store.readBlob(path, digest)])
    if (size === undefined || blob === undefined) return s3Error(404, 'NoSuchKey', 'The specified key does not exist.')
    const headers = { 'content-type': 'application/octet-stream', 'content-length': String(size) }
    return new Response(Readable.toWeb(blob) as ReadableStream<Uint8Array<ArrayBuffer>>, { headers })
  })

  return {
    async url(repository: Repository, digest: string): Promise<string> {
      listener ??= listen(app)
      const { port } = await listener
      const token = randomBytes(32).toString('hex')
      const path = `${repository.path}@${digest}`
      granted.set(token, { path, expiresAt: now().getTime() + hour })
      return `http://localhost:${port}/layers/${path}?X-Amz-Signature=${token}`
    },
    close: async (): Promise<void> => (await listener)?.close(),
  }
}
