import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { attempt } from './command.ts'

/** A BuildKit secret by file: it is mounted while a step runs and is in no layer and no digest. */
export type BuildSecret = { id: string; path: string }

const settings = /^(registry|@[^:]+:registry|\/\/[^=]+)\s*=/

/** The lines of an npm configuration that say where packages come from and with which credentials; paths of this machine stay here. */
export const registryLines = (npmrc: string): string[] => npmrc.split('\n').filter((line) => settings.test(line.trim()))

/**
 * What `npm ci` inside a build needs to reach the registry that this machine uses: `ca` where the machine trusts more certificates
 * than Node brings, `npmrc` always. `home` is a folder of the clone.
 */
export const buildSecrets = async (home: string): Promise<BuildSecret[]> => {
  const user = await readFile(process.env['npm_config_userconfig'] ?? join(homedir(), '.npmrc'), 'utf8').catch(() => '')
  const registry = (await attempt('npm', ['config', 'get', 'registry']))?.trim()
  await mkdir(home, { recursive: true, mode: 0o700 })
  const path = join(home, 'npmrc')
  await writeFile(path, [...registryLines(user), ...(registry ? [`registry=${registry}`] : []), ''].join('\n'), { mode: 0o600 })
  const ca = process.env['NODE_EXTRA_CA_CERTS'] ?? process.env['SSL_CERT_FILE']
  return [{ id: 'npmrc', path }, ...(ca ? [{ id: 'ca', path: ca }] : [])]
}
