import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { appendFileSync, chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A `docker` for PATH that "builds": the image holds the context's files in one layer, so that equal trees give equal digests. */
export type DockerStandIn = {
  folder: string
  /** Arguments of each process so far, a line each. */
  calls(): string[]
}

export const dockerStandIn = (folder: string): DockerStandIn => {
  mkdirSync(folder, { recursive: true })
  const calls = join(folder, 'calls')
  writeFileSync(calls, '')
  writeFileSync(join(folder, 'docker'), `#!/bin/sh\nexec '${process.execPath}' '${import.meta.filename}' '${calls}' "$@"\n`)
  chmodSync(join(folder, 'docker'), 0o755)
  return {
    folder,
    calls: () =>
      readFileSync(calls, 'utf8')
        .split('\n')
        .filter((line) => line !== ''),
  }
}

const IMAGE = 'application/vnd.oci.image.manifest.v1+json'

/** Writes an OCI layout with one layer. */
const build = (context: string, destination: string): void => {
  const fixed = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mtime=@0', '--mode=go-w']
  const tar = execFileSync('tar', [...fixed, '-c', '-C', context, '.'], { maxBuffer: 2 ** 28 })
  const layer = execFileSync('gzip', ['-n'], { input: tar, maxBuffer: 2 ** 28 })
  mkdirSync(join(destination, 'blobs/sha256'), { recursive: true })
  const digestOf = (content: Buffer): string => createHash('sha256').update(content).digest('hex')
  const store = (mediaType: string, content: Buffer | object) => {
    const bytes = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content))
    writeFileSync(join(destination, 'blobs/sha256', digestOf(bytes)), bytes)
    return { mediaType, digest: `sha256:${digestOf(bytes)}`, size: bytes.length }
  }
  const rootfs = { type: 'layers', diff_ids: [`sha256:${digestOf(tar)}`] }
  const config = store('application/vnd.oci.image.config.v1+json', { os: 'linux', architecture: 'amd64', config: {}, rootfs })
  const layers = [store('application/vnd.oci.image.layer.v1.tar+gzip', layer)]
  const manifest = store(IMAGE, { schemaVersion: 2, mediaType: IMAGE, config, layers })
  writeFileSync(join(destination, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [manifest] }))
  writeFileSync(join(destination, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }))
}

if (import.meta.main) {
  const [calls = '', ...args] = process.argv.slice(2)
  appendFileSync(calls, `${args.join(' ')}\n`)
  const destination = args.map((each) => /type=oci,.*?dest=([^,]+)/.exec(each)?.[1]).find((each) => each !== undefined)
  if (destination !== undefined) build(args.at(-1) ?? '.', destination)
}
