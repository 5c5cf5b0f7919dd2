import { createHash } from 'node:crypto'
import { request as plain } from 'node:http'
import { request as secure } from 'node:https'
import { buffer } from 'node:stream/consumers'
import type { Subject } from './subject.ts'

export type Answer = { status: number; headers: Record<string, string | string[] | undefined>; body: Buffer }

type Asked = { method?: string; headers?: Record<string, string>; body?: string; authorization?: string | undefined }

export const digestOf = (bytes: string): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

/** One request to the registry of the subject's account, under the host name that AWS gives it. */
export const ask = (subject: Subject, path: string, asked: Asked = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { url, host } = subject.registry(subject.account)
    const { method = 'GET', body, authorization } = asked
    const target = new URL(path, url)
    const headers = { host, ...asked.headers, ...(authorization && { authorization }) }
    const request = target.protocol === 'https:' ? secure : plain
    const sent = request(target, { method, headers }, (answer) => {
      const given = { status: answer.statusCode ?? 0, headers: answer.headers }
      buffer(answer).then((bytes) => resolve({ ...given, body: bytes }), reject)
    })
    sent.on('error', reject).end(body)
  })

/** The first error code of an answer in the form of the OCI distribution specification. */
export const codeOf = ({ body }: Answer): string | undefined => {
  try {
    const { errors } = JSON.parse(body.toString()) as { errors?: { code?: string }[] }
    return errors?.[0]?.code
  } catch {
    return undefined
  }
}

export const login = async ({ ecr }: Subject): Promise<string> => {
  const { authorizationData } = await ecr.getAuthorizationToken({})
  return `Basic ${authorizationData?.[0]?.authorizationToken}`
}

/** Uploads a blob as a push does: POST, then one PUT. Resolves to the answer of the last one. */
export const upload = async (subject: Subject, name: string, content: string, digest = digestOf(content)): Promise<Answer> => {
  const authorization = await login(subject)
  const started = await ask(subject, `/v2/${name}/blobs/uploads/`, { method: 'POST', authorization })
  const location = new URL(String(started.headers['location']), subject.registry(subject.account).url)
  location.searchParams.set('digest', digest)
  const headers = { 'content-type': 'application/octet-stream', 'content-length': String(content.length) }
  return ask(subject, `${location.pathname}${location.search}`, { method: 'PUT', body: content, headers, authorization })
}

export const manifestType = 'application/vnd.oci.image.manifest.v1+json'
export const indexType = 'application/vnd.oci.image.index.v1+json'

export const pushManifest = async (subject: Subject, name: string, reference: string, body: string): Promise<Answer> => {
  const headers = { 'content-type': manifestType, 'content-length': String(body.length) }
  return ask(subject, `/v2/${name}/manifests/${reference}`, {
    method: 'PUT',
    body,
    headers,
    authorization: await login(subject),
  })
}
