import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HostExecutor } from './executor.ts'

/** A host on this machine. */
export type BashHost = {
  /** Its programs come first on it. As under the agent there is no HOME. */
  path: string
  /** What else the agent's service has in its environment. */
  environment?: Record<string, string>
  /** Restarts what a restart of the host restarts; resolves when it is up. */
  reboot?(): Promise<unknown>
}

const keeping = (most: number) => {
  const chunks: Buffer[] = []
  let size = 0
  return {
    take(chunk: Buffer): void {
      if (size < most) chunks.push(chunk)
      size += chunk.length
    },
    text: (): string => Buffer.concat(chunks).toString(),
  }
}

/** Scripts run for real, as the agent runs them: `sh -c FILE` in a process group of its own, which is killed as a whole. */
export const bashHosts = (find: (instanceId: string) => BashHost | undefined): HostExecutor => {
  const host = (instanceId: string): BashHost => {
    const found = find(instanceId)
    if (found === undefined) throw new Error(`there is no simulated host for instance ${instanceId}`)
    return found
  }
  return {
    async run({ instanceId, script, environment }, signal) {
      const { path, environment: own = {} } = host(instanceId)
      const folder = await mkdtemp(join(tmpdir(), 'ssm-'))
      const file = join(folder, '_script.sh')
      try {
        await writeFile(file, script, { mode: 0o700 })
        if (signal.aborted) return { code: 137, stdout: '', stderr: '' }
        const env = { ...own, PATH: path, ...environment }
        const child = spawn('sh', ['-c', file], { cwd: folder, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
        const [stdout, stderr] = [keeping(1_000_000), keeping(1_000_000)]
        child.stdout.on('data', stdout.take)
        child.stderr.on('data', stderr.take)
        const kill = (): void => killGroup(child.pid)
        signal.addEventListener('abort', kill)
        // Who asked for the end does not wait for what has left the group with the pipe in its hands; the agent otherwise does.
        const [code] = await Promise.race([once(child, 'close'), once(child, 'exit').then((exit) => afterKill(exit, signal))])
        signal.removeEventListener('abort', kill)
        child.stdout.destroy()
        child.stderr.destroy()
        return { code: code ?? -1, stdout: stdout.text(), stderr: stderr.text() }
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    },
    async reboot(instanceId) {
      await host(instanceId).reboot?.()
    },
  }
}

const killGroup = (leader: number | undefined): void => {
  try {
    if (leader !== undefined) process.kill(-leader, 'SIGKILL')
  } catch {
    // Nothing is left of the group.
  }
}

const afterKill = <T>(exit: T, signal: AbortSignal): Promise<T> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(exit)
    signal.addEventListener('abort', () => resolve(exit))
  })
