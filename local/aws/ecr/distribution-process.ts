import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

// JSON is YAML. With port 0 the registry chooses one and logs it, at level info.
const configuration = (folder: string) => ({
  version: 0.1,
  log: { level: 'info', accesslog: { disabled: true } },
  storage: {
    filesystem: { rootdirectory: folder },
    delete: { enabled: true },
    maintenance: { uploadpurging: { enabled: false } },
  },
  http: { addr: '127.0.0.1:0', relativeurls: true, secret: 'one process, one secret' },
})

/** Starts a registry that only this machine reaches, with a folder of its own in `home`. Closing ends the process and removes it. */
export const startDistribution = async (binary: string, home = tmpdir()): Promise<{ url: string; close(): Promise<void> }> => {
  const folder = await mkdtemp(join(home, 'local-registry-'))
  const file = join(folder, 'config.yml')
  await writeFile(file, JSON.stringify(configuration(join(folder, 'data'))))
  // The environment could override the configuration (REGISTRY_…) or turn on exporters (OTEL_…).
  const child = spawn(binary, ['serve', file], { stdio: ['ignore', 'ignore', 'pipe'], env: { PATH: process.env['PATH'] } })
  const close = async () => {
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const lines: string[] = []
    const url = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stderr }).on('line', (line) => {
        if (lines.length < 20) lines.push(line)
        const [, address] = /listening on (127\.0\.0\.1:\d+)/.exec(line) ?? []
        if (address !== undefined) resolve(`http://${address}`)
      })
      child.once('error', (cause) =>
        reject(new Error(`cannot start ${binary}; Debian has it in package docker-registry`, { cause })),
      )
      child.once('exit', (code) => reject(new Error(`${binary} ended with ${code}:\n${lines.join('\n')}`)))
    })
    return { url, close }
  } catch (error) {
    await close()
    throw error
  }
}
