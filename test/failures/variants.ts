import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr'
import type { Cloud } from '../../local/cloud.ts'
import { importNodeImage } from '../../local/containers/node-image.case.ts'

const run = promisify(execFile)
const NAME = 'shop/app'

const digestOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`

type Manifest = { mediaType: string; config: { mediaType: string; digest: string; size: number }; layers: object[] }

/**
 * Puts images of Node into the repository, one for each program that it is to run: the layers are pushed once by docker, and each
 * image is a further config over them. Resolves to the digests.
 */
export const pushVariants = async (
  cloud: Cloud,
  account: string,
  region: string,
  programs: Record<string, string>,
): Promise<Record<string, string>> => {
  const ecr = new ECRClient({ endpoint: cloud.endpoint, region, credentials: cloud.adminKey(account) })
  const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}))
  ecr.destroy()
  const { authorizationToken = '', proxyEndpoint = '' } = authorizationData?.[0] ?? {}
  await pushBase(new URL(proxyEndpoint).host, authorizationToken)

  const ask = async (method: string, path: string, type?: string, body?: string): Promise<Response> => {
    const headers = { authorization: `Basic ${authorizationToken}`, ...(type && { 'content-type': type }) }
    const answer = await fetch(new URL(path, proxyEndpoint), { method, headers, ...(body !== undefined && { body }) })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return answer
  }
  const base = (await (await ask('GET', `/v2/${NAME}/manifests/base`)).json()) as Manifest
  // The registry redirects to where the bytes are, which takes no Authorization; fetch drops it on the way there.
  const config = (await (await ask('GET', `/v2/${NAME}/blobs/${base.config.digest}`)).json()) as { config: object }

  const push = async (tag: string, program: string): Promise<string> => {
    const own = JSON.stringify({ ...config, config: { ...config.config, Entrypoint: ['/bin/node', '-e', program], Cmd: null } })
    const started = await ask('POST', `/v2/${NAME}/blobs/uploads/`)
    const to = `${started.headers.get('location')}?digest=${digestOf(own)}`
    await ask('PUT', to, 'application/octet-stream', own)
    const descriptor = { ...base.config, digest: digestOf(own), size: Buffer.byteLength(own) }
    const manifest = JSON.stringify({ ...base, config: descriptor })
    await ask('PUT', `/v2/${NAME}/manifests/${tag}`, base.mediaType, manifest)
    return digestOf(manifest)
  }
  const pushed = Object.entries(programs).map(async ([tag, program]) => [tag, await push(tag, program)] as const)
  return Object.fromEntries(await Promise.all(pushed))
}

const pushBase = async (host: string, token: string): Promise<void> => {
  const [user = '', password = ''] = Buffer.from(token, 'base64').toString().split(':')
  const tag = `${host}/${NAME}:base`
  const folder = await mkdtemp(join(tmpdir(), 'variants-'))
  try {
    await run('docker', ['tag', await importNodeImage(), tag])
    await run('docker', ['--config', folder, 'login', '--username', user, '--password', password, host])
    await run('docker', ['--config', folder, 'push', '--quiet', tag])
  } finally {
    await run('docker', ['rmi', tag])
    await rm(folder, { recursive: true })
  }
}
