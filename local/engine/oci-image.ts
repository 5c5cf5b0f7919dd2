import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { run } from './command.ts'

type Blob = { digest: string; size: number }

const sha256 = (hash: ReturnType<typeof createHash>) => `sha256:${hash.digest('hex')}`

const watch = (hash: ReturnType<typeof createHash>) =>
  new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      done(null, chunk)
    },
  })

/** One layer of everything below `root`: sorted, without times, owned by root, so that equal folders give equal bytes. */
const writeLayer = async (root: string, blobs: string): Promise<Blob & { diffId: string }> => {
  const order = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '--format=gnu']
  const tar = spawn('tar', [...order, '-C', root, '-c', '.'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<void>((resolve, reject) => {
    tar.on('error', reject)
    tar.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`tar ended with ${code}`))))
  })
  const [plain, packed] = [createHash('sha256'), createHash('sha256')]
  const partial = join(blobs, 'layer')
  await Promise.all([
    pipeline(tar.stdout, watch(plain), createGzip({ level: 1 }), watch(packed), createWriteStream(partial)),
    ended,
  ])
  const digest = sha256(packed)
  await rename(partial, join(blobs, digest.slice(7)))
  return { digest, size: (await stat(join(blobs, digest.slice(7)))).size, diffId: sha256(plain) }
}

const writeJson = async (value: unknown, blobs: string): Promise<Blob> => {
  const text = JSON.stringify(value)
  const digest = sha256(createHash('sha256').update(text))
  await writeFile(join(blobs, digest.slice(7)), text)
  return { digest, size: text.length }
}

const type = (name: string) => `application/vnd.oci.image.${name}`

/**
 * Makes an image of one layer from a folder and loads it into the engine under `name`. `docker import` would put the time into the
 * image's configuration, and so another digest into everything that is built on it.
 */
export const loadImage = async (
  root: string,
  name: string,
  config: object,
  work: string,
  env: Record<string, string>,
): Promise<void> => {
  const blobs = join(work, 'blobs/sha256')
  await mkdir(blobs, { recursive: true })
  const { diffId, ...layer } = await writeLayer(root, blobs)
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch
  const rootfs = { type: 'layers', diff_ids: [diffId] }
  const history = [{ created: '1970-01-01T00:00:00Z', created_by: 'base image of the local cloud' }]
  const image = { created: '1970-01-01T00:00:00Z', architecture, os: 'linux', config, rootfs, history }
  const manifest = {
    schemaVersion: 2,
    mediaType: type('manifest.v1+json'),
    config: { mediaType: type('config.v1+json'), ...(await writeJson(image, blobs)) },
    layers: [{ mediaType: type('layer.v1.tar+gzip'), ...layer }],
  }
  const annotations = {
    'io.containerd.image.name': name,
    'org.opencontainers.image.ref.name': name.slice(name.lastIndexOf(':') + 1),
  }
  const entry = { mediaType: manifest.mediaType, ...(await writeJson(manifest, blobs)), annotations }
  await writeFile(join(work, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
  await writeFile(
    join(work, 'index.json'),
    JSON.stringify({ schemaVersion: 2, mediaType: type('index.v1+json'), manifests: [entry] }),
  )
  const archive = join(work, 'image.tar')
  await run('tar', ['-C', work, '-cf', archive, 'blobs', 'index.json', 'oci-layout'])
  await run('docker', ['load', '--input', archive], { env })
}
