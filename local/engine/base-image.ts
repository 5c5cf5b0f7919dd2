import { existsSync } from 'node:fs'
import { chmod, copyFile, cp, lstat, mkdir, mkdtemp, readFile, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { attempt, run } from './command.ts'
import type { Engine } from './engine.ts'

export type BaseImageOptions = {
  /** Dockerfile whose `ARG BASE_IMAGE=` names the pinned base. */
  dockerfile: string
  home: string
  say: (line: string) => void
}

const localName = 'slipway.local/node:24'

const recipe = `FROM scratch
ADD root.tar /
ENV PATH=/usr/local/bin:/usr/bin:/bin NODE_VERSION=${process.versions.node}
CMD ["node"]
`

/** What a build stage needs besides Node: a shell for RUN and npm, and the few programs that both start. */
const programs = [
  'sh',
  'env',
  'cat',
  'chmod',
  'chown',
  'cp',
  'id',
  'ln',
  'ls',
  'mkdir',
  'mv',
  'rm',
  'sleep',
  'test',
  'true',
  'uname',
]

const files = {
  'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n',
  'etc/group': 'root:x:0:\nnode:x:1000:\n',
  'etc/nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
}

/** The registry's host in the default of `ARG BASE_IMAGE`; Docker Hub's where the reference names none. */
export const registryOf = (text: string): string | undefined => {
  const reference = /^ARG\s+BASE_IMAGE=(\S+)/m.exec(text)?.[1]
  const [host, ...path] = reference?.split('/') ?? []
  if (host === undefined) return undefined
  return path.length > 0 && /[.:]|^localhost$/.test(host) ? host : 'registry-1.docker.io'
}

const answers = async (host: string): Promise<boolean> => {
  try {
    const { status } = await fetch(`https://${host}/v2/`, { signal: AbortSignal.timeout(3_000), redirect: 'manual' })
    return status === 200 || status === 401
  } catch {
    return false
  }
}

/** Libraries a program is linked with, by the path at which it looks for them, the loader included. */
export const linkedLibraries = (ldd: string): string[] =>
  [...ldd.matchAll(/(?:=>\s*|^\s*)(\/\S+) \(0x/gm)].flatMap(([, path]) => (path ? [path] : []))

/** Copies a program into the root of an image, with the libraries that it needs; `libraries`: folders of those that the machine lacks. */
export const install = async (root: string, source: string, path: string, libraries = ''): Promise<void> => {
  const target = join(root, path)
  await mkdir(dirname(target), { recursive: true })
  await copyFile(await realpath(source), target)
  await chmod(target, 0o755)
  const linked = await attempt('ldd', [source], { env: libraries === '' ? {} : { LD_LIBRARY_PATH: libraries } })
  for (const library of linkedLibraries(linked ?? '')) {
    const isUnpacked = libraries.split(':').includes(dirname(library))
    const copy = join(root, isUnpacked ? library.slice(library.lastIndexOf('/usr/lib/')) : library)
    if (await lstat(copy).catch(() => undefined)) continue
    await mkdir(dirname(copy), { recursive: true })
    await copyFile(library, copy)
    await chmod(copy, 0o755)
  }
}

/** The npm that runs us, or the one on the PATH: Node's own npm package has none. */
const findNpm = async (): Promise<{ folder: string; version: string }> => {
  const cli = process.env['npm_execpath'] ?? (await run('sh', ['-c', 'command -v npm'])).trim()
  const folder = dirname(dirname(await realpath(cli)))
  const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string }
  return { folder, version }
}

const layOut = async (root: string, npm: string): Promise<void> => {
  for (const folder of ['usr/bin', 'usr/lib', 'usr/lib64', 'usr/local/bin', 'home/node', 'root', 'run', 'proc', 'sys', 'dev']) {
    await mkdir(join(root, folder), { recursive: true })
  }
  for (const folder of ['bin', 'lib', 'lib64']) await symlink(`usr/${folder}`, join(root, folder))
  for (const folder of ['tmp', 'var/tmp']) {
    await mkdir(join(root, folder), { recursive: true })
    await chmod(join(root, folder), 0o1777)
  }
  await mkdir(join(root, 'etc/ssl/certs'), { recursive: true })
  for (const [path, text] of Object.entries(files)) await writeFile(join(root, path), text)
  await copyFile('/etc/ssl/certs/ca-certificates.crt', join(root, 'etc/ssl/certs/ca-certificates.crt')).catch(() => undefined)
  for (const program of programs) {
    const path = ['/usr/bin', '/bin'].map((folder) => join(folder, program)).find((candidate) => existsSync(candidate))
    if (path) await install(root, path, `usr/bin/${program}`)
  }
  await install(root, process.execPath, 'usr/local/bin/node')
  await cp(npm, join(root, 'usr/local/lib/node_modules/npm'), { recursive: true, dereference: true })
  for (const name of ['npm', 'npx'])
    await symlink(`../lib/node_modules/npm/bin/${name}-cli.js`, join(root, `usr/local/bin/${name}`))
}

const glibc = (): string =>
  (process.report.getReport() as { header: { glibcVersionRuntime?: string } }).header.glibcVersionRuntime ?? 'none'

/** Builds the image once into an archive: sorted, without times and owned by root, so that equal files give an equal digest. */
const writeArchive = async (archive: string, npm: string, env: Engine['env']): Promise<void> => {
  const work = await mkdtemp(`${archive}-`)
  try {
    const [root, context] = [join(work, 'root'), join(work, 'context')]
    await layOut(root, npm)
    await mkdir(context)
    await writeFile(join(context, 'Dockerfile'), recipe)
    const order = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner']
    await run('tar', [...order, '-C', root, '-cf', join(context, 'root.tar'), '.'])
    const output = `type=oci,dest=${archive}.partial,name=${localName},compression-level=1,force-compression=true`
    const fixed = ['--build-arg', 'SOURCE_DATE_EPOCH=0', '--provenance=false']
    await run('docker', ['buildx', 'build', '--no-cache', '--output', output, ...fixed, context], { env })
    await rename(`${archive}.partial`, archive)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/**
 * The image to build the sample service on. `undefined` when the registry of the pinned base answers: the Dockerfile's default is
 * right then. Otherwise the reference of an image made from the Node that runs this, its libraries, and the machine's shell and
 * npm, kept in `home` for the next start. The same inputs give the same digest on one machine; it is not the pinned one.
 */
export const baseImage = async ({ env }: Engine, { dockerfile, home, say }: BaseImageOptions): Promise<string | undefined> => {
  const host = registryOf(await readFile(dockerfile, 'utf8'))
  if (host === undefined || (await answers(host))) return undefined
  const builder = await run('docker', ['buildx', 'inspect'], { env })
  if (!/^Driver:\s*docker$/m.test(builder)) {
    throw new Error(
      `no image registry answers at ${host}, and the current buildx builder cannot see local images; run: docker buildx use default`,
    )
  }
  const npm = await findNpm()
  const folder = join(home, 'base')
  await mkdir(folder, { recursive: true })
  const archive = join(folder, `node-${process.versions.node}-npm-${npm.version}-glibc-${glibc()}.tar`)
  say(`no image registry answers at ${host}: the base image is made from Node ${process.versions.node}`)
  if (!existsSync(archive)) await writeArchive(archive, npm.folder, env)
  await run('docker', ['load', '--input', archive], { env })
  return localName
}
