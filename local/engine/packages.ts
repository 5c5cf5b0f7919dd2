import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { attempt, run } from './command.ts'

type Say = (line: string) => void

/** A line of the package manager's `indextargets`: where the machine gets its packages from. */
export type Source = { uri: string; release: string; component: string; signedBy: string }

export type Release = { id: string; codename: string }

/** The release whose Docker is taken: the machine's own, except on Debian 12, whose Docker is too old and which runs Debian 13's. */
export const engineRelease = ({ id, codename }: Release): string =>
  id === 'debian' && codename === 'bookworm' ? 'trixie' : codename

/**
 * The package sources of `target`, written from those the machine uses itself, so that a mirror stays the mirror. Other vendors'
 * archives may carry the same release names; those say so by their own key.
 */
export const sourcesList = (sources: Source[], { id, codename }: Release, target: string): string => {
  const keyring = `/usr/share/keyrings/${id}-archive-keyring.gpg`
  const components = id === 'ubuntu' ? 'main universe' : 'main'
  const lines = sources
    .filter(({ component, signedBy }) => component === 'main' && (signedBy === '' || signedBy.includes(`${id}-archive`)))
    .filter(({ release }) => [codename, `${codename}-updates`, `${codename}-security`].includes(release))
    .map(({ uri, release }) => `deb [signed-by=${keyring}] ${uri} ${release.replace(codename, target)} ${components}`)
  return [...new Set(lines)].join('\n')
}

/** The distribution, where it is one whose packages can be used; `undefined` elsewhere. */
export const debianRelease = async (): Promise<Release | undefined> => {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '')
  const value = (key: string) => new RegExp(`^${key}="?([^"\n]*)"?$`, 'm').exec(text)?.[1]
  const id = value('ID')
  const codename = value('VERSION_CODENAME')
  return (id === 'debian' || id === 'ubuntu') && codename ? { id, codename } : undefined
}

const machineSources = async (): Promise<Source[]> => {
  const format = '$(REPO_URI)|$(RELEASE)|$(COMPONENT)|$(SIGNED_BY)'
  const output = await run('apt-get', ['indextargets', '--format', format, 'Created-By: Packages'])
  return output.split('\n').flatMap((line) => {
    const [uri, release, component, signedBy = ''] = line.split('|')
    // An option that is not set is printed as its own placeholder.
    return uri && release && component ? [{ uri, release, component, signedBy: signedBy.startsWith('$') ? '' : signedBy }] : []
  })
}

/** What `apt-get` is told to get packages, alone or with all that they need and the machine lacks. */
const downloading = {
  alone: ['download'],
  'with-dependencies': ['install', '--download-only', '--yes', '--no-install-recommends'],
}

/**
 * Unpacks packages of a release into `folder` without installing them: no service is registered or started, nothing outside the
 * folder changes, and no root is needed. The signatures of the archive are verified. Returns at once when they are there.
 */
export const unpack = async (
  folder: string,
  packages: string[],
  release: Release,
  target: string,
  say: Say,
  extent: keyof typeof downloading = 'alone',
): Promise<void> => {
  const marker = join(folder, `.${packages.join('+')}`)
  if (await readFile(marker).catch(() => undefined)) return
  say(`unpacking ${packages.join(', ')} of ${release.id} ${target} into ${folder}`)
  const apt = join(folder, 'apt')
  await rm(apt, { recursive: true, force: true })
  for (const path of ['state/lists/partial', 'cache/archives/partial']) await mkdir(join(apt, path), { recursive: true })
  const list = sourcesList(await machineSources(), release, target)
  if (!list)
    throw new Error(`no package source of ${release.id} ${release.codename} is configured; add one to the machine's sources`)
  await writeFile(join(apt, 'sources.list'), `${list}\n`)
  const settings = { 'Etc::sourcelist': 'sources.list', 'Etc::sourceparts': '-', State: 'state', Cache: 'cache' }
  const options = Object.entries(settings).flatMap(([key, path]) => [
    '-o',
    `Dir::${key}=${path === '-' ? path : join(apt, path)}`,
  ])
  options.push(
    '-o',
    'APT::Sandbox::User=root',
    '-o',
    'Debug::NoLocking=true',
    '-o',
    'Acquire::Languages=none',
    '-o',
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false',
  )
  const debs = join(apt, 'cache/archives')
  await run('apt-get', [...options, '--error-on=any', 'update'])
  await run('apt-get', [...options, ...downloading[extent], ...packages], { cwd: debs })
  for (const deb of (await readdir(debs)).filter((name) => name.endsWith('.deb'))) {
    await run('dpkg-deb', ['-x', join(debs, deb), folder])
  }
  await rm(apt, { recursive: true })
  await writeFile(marker, 'unpacked\n')
}

type Wanted = { home: string; say: Say }

type Packaged = { name: string; what: string; folder: string; path: string; extent: keyof typeof downloading }

/** The machine's own program, or that of Debian's package, unpacked below `folder` and not installed. */
const ensureProgram = async ({ home, say }: Wanted, { name, what, folder, path, extent }: Packaged): Promise<string> => {
  const installed = await attempt('sh', ['-c', `command -v ${name}`])
  if (installed) return installed.trim()
  const release = await debianRelease()
  if (!release) throw new Error(`${name} (${what}) is not on the PATH; install it, for example from the project's releases`)
  await unpack(join(home, folder), [name], release, release.codename, say, extent)
  return join(home, folder, path)
}

/** Path of the `docker-registry` program (CNCF Distribution). */
export const ensureRegistryProgram = (wanted: Wanted): Promise<string> =>
  ensureProgram(wanted, {
    name: 'docker-registry',
    what: 'CNCF Distribution',
    folder: 'registry',
    path: 'usr/bin/docker-registry',
    extent: 'alone',
  })

/** The `haproxy` program, and the folders of its libraries that the machine lacks, as `LD_LIBRARY_PATH` has them. */
export const ensureProxyProgram = async (wanted: Wanted): Promise<{ program: string; libraries: string }> => {
  const packaged = { name: 'haproxy', what: 'the proxy of simulated hosts', folder: 'haproxy', path: 'usr/sbin/haproxy' }
  const program = await ensureProgram(wanted, { ...packaged, extent: 'with-dependencies' })
  const folder = join(wanted.home, 'haproxy', 'usr/lib')
  const names = program.startsWith(wanted.home) ? await readdir(folder) : []
  return { program, libraries: names.map((name) => join(folder, name)).join(':') }
}
