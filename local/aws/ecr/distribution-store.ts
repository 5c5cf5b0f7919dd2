import { once } from 'node:events'
import { Agent, type IncomingMessage, type RequestOptions, request } from 'node:http'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { startDistribution } from './distribution-process.ts'
import { DigestMismatch, type OciStore, type Upload } from './store.ts'

const anyManifest = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ')

const refuse = async (what: string, response: IncomingMessage): Promise<never> => {
  const text = (await buffer(response)).toString()
  if (text.includes('DIGEST_INVALID')) throw new DigestMismatch(text)
  throw new Error(`docker-registry answered ${response.statusCode} to ${what}: ${text}`)
}

/** The CNCF Distribution as a child process with a private folder (Debian: package docker-registry). */
export const distributionStore = async (binary = 'docker-registry'): Promise<OciStore> => {
  const distribution = await startDistribution(binary)
  const agent = new Agent({ keepAlive: true })

  const send = async (method: string, path: string, headers: RequestOptions['headers'] = {}, body?: Readable | Buffer) => {
    const outgoing = request(new URL(path, distribution.url), { method, agent, headers })
    const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>
    if (body === undefined || Buffer.isBuffer(body)) outgoing.end(body)
    // The registry may answer before it has read all; what it says then matters more than the broken pipe.
    else await Promise.race([pipeline(body, outgoing), answered])
    const [response] = await answered
    return response
  }

  const probe = async (path: string, headers?: RequestOptions['headers']): Promise<IncomingMessage | undefined> => {
    const response = await send('GET', path, headers)
    if (response.statusCode === 200) return response
    if (response.statusCode !== 404) return refuse(`GET ${path}`, response)
    response.resume()
    return undefined
  }

  const expect = async (status: number, what: string, response: IncomingMessage): Promise<string> => {
    if (response.statusCode !== status) return refuse(what, response)
    response.resume()
    return response.headers.location ?? ''
  }

  const startUpload = async (repository: string): Promise<Upload> => {
    const opened = await send('POST', `/v2/${repository}/blobs/uploads/`, { 'content-length': 0 })
    let location = await expect(202, 'the start of an upload', opened)
    let size = 0
    return {
      append: async (body) => {
        body.on('data', (chunk: Buffer) => {
          size += chunk.length
        })
        const type = { 'content-type': 'application/octet-stream' }
        location = await expect(202, 'a chunk', await send('PATCH', location, type, body))
        return size
      },
      complete: async (digest, body) => {
        const at = new URL(location, distribution.url)
        at.searchParams.set('digest', digest)
        const headers = { 'content-type': 'application/octet-stream', ...(body === undefined ? { 'content-length': 0 } : {}) }
        await expect(201, 'the end of an upload', await send('PUT', at.href, headers, body))
      },
    }
  }

  return {
    statBlob: async (repository, digest) => {
      const response = await send('HEAD', `/v2/${repository}/blobs/${digest}`)
      response.resume()
      return response.statusCode === 200 ? Number(response.headers['content-length']) : undefined
    },
    readBlob: (repository, digest) => probe(`/v2/${repository}/blobs/${digest}`),
    startUpload,
    putManifest: async (repository, digest, { mediaType, bytes }) => {
      const headers = { 'content-type': mediaType, 'content-length': bytes.length }
      await expect(201, 'a manifest', await send('PUT', `/v2/${repository}/manifests/${digest}`, headers, bytes))
    },
    readManifest: async (repository, digest) => {
      const response = await probe(`/v2/${repository}/manifests/${digest}`, { accept: anyManifest })
      return response && { mediaType: response.headers['content-type'] ?? '', bytes: await buffer(response) }
    },
    close: async () => {
      agent.destroy()
      await distribution.close()
    },
  }
}
