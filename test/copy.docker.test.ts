import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Copied, copyImage } from '../lib/oci/copy.ts'
import { type Content, startRegistry, type TestRegistry } from './registries.ts'

const run = promisify(execFile)
const NAME = 'shop/app'

let from: TestRegistry
let to: TestRegistry
let folder: string

/** A witness that shares no code with us. */
const skopeo = async (...args: string[]): Promise<string> =>
  (await run('skopeo', args, { env: { ...process.env, HOME: folder } })).stdout
const at = ({ host }: TestRegistry, name: string, digest: string): string => `docker://${host}/${name}@${digest}`
const raw = (registry: TestRegistry, digest: string, name = NAME): Promise<string> =>
  skopeo('inspect', '--raw', '--tls-verify=false', at(registry, name, digest))
const copy = async (digest: string, [source, target]: TestRegistry[] = [from, to], names = [NAME, NAME]): Promise<Copied> => {
  const ends = [(source ?? from).open(names[0] ?? NAME), (target ?? to).open(names[1] ?? NAME)] as const
  try {
    return await copyImage(...ends, digest, {
      referrers: true,
      retry: { attempts: 2, sleep: async () => undefined, random: () => 0 },
    })
  } finally {
    for (const end of ends) end.close()
  }
}
const image = (architecture = 'amd64', more: object = {}): Promise<Content> =>
  from.putImage(NAME, [randomBytes(3_000_000), randomBytes(1000)], more, architecture)
const multi = async (): Promise<{ index: Content; children: Content[] }> => {
  const children = [await image('amd64'), await image('arm64')]
  const platforms = ['amd64', 'arm64'].map((architecture) => ({ os: 'linux', architecture }))
  return {
    children,
    index: await from.putIndex(
      NAME,
      children.map((child, at) => ({ ...child, platform: platforms[at] })),
    ),
  }
}

beforeAll(async () => {
  if (!(await skopeo('--version').catch(() => undefined))) {
    if (process.getuid?.() !== 0) throw new Error('skopeo is missing; run as root: apt-get install skopeo')
    await run('apt-get', ['update'])
    await run('apt-get', ['install', '--yes', '--no-install-recommends', 'skopeo'])
  }
  folder = mkdtempSync(join(tmpdir(), 'copy-'))
  from = await startRegistry()
  to = await startRegistry()
})
afterAll(async () => {
  await from?.close()
  await to?.close()
  if (folder) rmSync(folder, { recursive: true, force: true })
})

it('gives the target the same bytes as the source, as skopeo reads them', async () => {
  const { digest } = await image()
  expect(await copy(digest)).toMatchObject({ skipped: 0, referrers: 0 })
  expect(await raw(to, digest)).toBe(await raw(from, digest))
  const inspected = JSON.parse(await skopeo('inspect', '--no-tags', '--tls-verify=false', at(to, NAME, digest)))
  expect(inspected).toMatchObject({ Digest: digest, Architecture: 'amd64', Os: 'linux' })
})

it('gives an index and its images the digests that skopeo copy --all --preserve-digests gives them', async () => {
  const { index, children } = await multi()
  await copy(index.digest)
  const options = ['--all', '--preserve-digests', '--src-tls-verify=false', '--dest-tls-verify=false']
  await skopeo('copy', ...options, at(from, NAME, index.digest), `docker://${to.host}/shop/witness:by-skopeo`)
  for (const { digest } of [index, ...children]) {
    const bytes = await raw(to, digest)
    expect(bytes).toBe(await raw(to, digest, 'shop/witness'))
    expect(`sha256:${createHash('sha256').update(bytes).digest('hex')}`).toBe(digest)
  }
})

it('gives skopeo something that it can copy on, layer by layer', async () => {
  const { index } = await multi()
  await copy(index.digest)
  await skopeo(
    'copy',
    '--all',
    '--preserve-digests',
    '--src-tls-verify=false',
    at(to, NAME, index.digest),
    `dir:${join(folder, 'dir')}`,
  )
})

it('brings what refers to the image under the tag that stands in for a list, which this registry lacks', async () => {
  const subject = await image()
  const signature = await image('amd64', { subject, artifactType: 'application/vnd.example.signature' })
  const tag = subject.digest.replace(':', '-')
  await from.putIndex(NAME, [signature], tag)
  expect(await copy(subject.digest)).toMatchObject({ referrers: 1 })
  expect(await raw(to, signature.digest)).toBe(await raw(from, signature.digest))
  const list = JSON.parse(await skopeo('inspect', '--raw', '--tls-verify=false', `docker://${to.host}/${NAME}:${tag}`))
  expect(list.manifests).toEqual([{ ...signature, artifactType: 'application/vnd.example.signature' }])
})

it('sends nothing a second time, and mounts within one registry', async () => {
  const { index } = await multi()
  const { sent } = await copy(index.digest)
  expect(await copy(index.digest)).toMatchObject({ sent: 0, skipped: sent })
  const mounted = await copy(index.digest, [to, to], [NAME, 'prod/app'])
  expect(mounted.mounted).toBeGreaterThan(6_000_000)
  expect(mounted.sent + mounted.mounted).toBe(sent)
  expect(await raw(to, index.digest, 'prod/app')).toBe(await raw(from, index.digest))
})
