import { createHash } from 'node:crypto'
import { ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr'
import type { Cloud } from '../local/cloud.ts'

const digestOf = (bytes: string): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

/** Puts a small image with a content of its own into a registry of the local cloud; resolves to its digest. */
export const putImage = async (
  cloud: Cloud,
  account: string,
  region: string,
  name: string,
  tag: string,
  architecture = 'amd64',
): Promise<string> => {
  const ecr = new ECRClient({ endpoint: cloud.endpoint, region, credentials: cloud.adminKey(account) })
  const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}))
  const { authorizationToken, proxyEndpoint } = authorizationData?.[0] ?? {}
  const headers = { authorization: `Basic ${authorizationToken}` }
  const put = async (path: string, body: string, type: string): Promise<void> => {
    const answer = await fetch(`${proxyEndpoint}/v2/${name}/${path}`, {
      method: 'PUT',
      body,
      headers: { ...headers, 'content-type': type },
    })
    if (!answer.ok) throw new Error(`PUT ${path}: ${answer.status} ${await answer.text()}`)
  }
  const blob = async (content: string): Promise<{ digest: string; size: number }> => {
    const started = await fetch(`${proxyEndpoint}/v2/${name}/blobs/uploads/`, { method: 'POST', headers })
    const location = new URL(started.headers.get('location') ?? '', proxyEndpoint)
    location.searchParams.set('digest', digestOf(content))
    const answer = await fetch(location, {
      method: 'PUT',
      body: content,
      headers: { ...headers, 'content-type': 'application/octet-stream' },
    })
    if (!answer.ok) throw new Error(`upload: ${answer.status} ${await answer.text()}`)
    return { digest: digestOf(content), size: content.length }
  }
  const config = await blob(
    JSON.stringify({ architecture, os: 'linux', config: { Labels: { tag } }, rootfs: { type: 'layers', diff_ids: [] } }),
  )
  const layer = await blob(`layer of ${tag}`)
  const type = 'application/vnd.oci.image.manifest.v1+json'
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: type,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
    layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', ...layer }],
  })
  await put(`manifests/${tag}`, manifest, type)
  return digestOf(manifest)
}
