import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../engine/command.ts'

/** Notes every docker process that an action starts, and lets it go on: what the demonstration claims of docker is counted. */
export type DockerLog = {
  /** To be put first on the PATH of the actions. */
  folder: string
  /** Arguments of each docker process so far, a line each. */
  calls(): Promise<string[]>
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

export const dockerLog = async (folder: string, env: Record<string, string>): Promise<DockerLog> => {
  const docker = (await run('sh', ['-c', 'command -v docker'], { env })).trim()
  const calls = join(folder, 'calls')
  await mkdir(folder, { recursive: true })
  await writeFile(calls, '')
  const script = `#!/bin/sh\nprintf '%s\\n' "$*" >> ${quoted(calls)}\nexec ${quoted(docker)} "$@"\n`
  await writeFile(join(folder, 'docker'), script)
  await chmod(join(folder, 'docker'), 0o755)
  return { folder, calls: async () => (await readFile(calls, 'utf8')).split('\n').filter((line) => line !== '') }
}
