import { execFile, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

type Options = { variables?: Record<string, string>; signal?: AbortSignal | undefined; timeout?: number }
type Result = { code: number; stdout: string; stderr: string }

export type DockerCli = {
  /** Runs a command to its end. Rejects only when it cannot be run, is aborted, or takes longer than the timeout. */
  run(args: string[], options?: Options): Promise<Result>
  /** Standard output of a command. Rejects with the cause that the CLI names when it fails. */
  output(args: string[], options?: Options): Promise<string>
  /** Hands out every line of a container, both streams, until it has ended. */
  follow(id: string, line: (text: string, timestamp: number) => void): Promise<void>
}

/** The daemon's own words where it has some, else the last line. */
const cause = (stderr: string): string | undefined => {
  const lines = stderr.trim().split('\n').filter(Boolean)
  return (lines.find((line) => line.includes('response from daemon: ')) ?? lines.at(-1))?.replace(/^.*response from daemon: /, '')
}

/** The docker command with the given environment: `PATH`, `DOCKER_HOST`, `DOCKER_CONFIG`. */
export const dockerCli = (env: NodeJS.ProcessEnv): DockerCli => {
  const run: DockerCli['run'] = (args, { variables = {}, signal, timeout = 0 } = {}) =>
    new Promise((resolve, reject) => {
      const options = {
        env: { ...variables, ...env },
        timeout,
        killSignal: 'SIGKILL' as const,
        maxBuffer: Number.POSITIVE_INFINITY,
      }
      execFile('docker', args, { ...options, ...(signal && { signal }) }, (error, stdout, stderr) => {
        if (error?.killed && !signal?.aborted) reject(new Error(`docker ${args[0]} took too long`))
        else if (error && typeof error.code !== 'number') reject(error)
        else resolve({ code: Number(error?.code ?? 0), stdout, stderr })
      })
    })

  return {
    run,
    async output(args, options) {
      const { code, stdout, stderr } = await run(args, options)
      if (code === 0) return stdout.trim()
      throw new Error(cause(stderr) ?? `docker ${args[0]} failed with exit code ${code}`)
    },
    async follow(id, line) {
      const child = spawn('docker', ['logs', '--follow', id], { env, stdio: ['ignore', 'pipe', 'pipe'] })
      const read = async (stream: NodeJS.ReadableStream): Promise<void> => {
        for await (const text of createInterface({ input: stream })) line(text, Date.now())
      }
      child.once('error', () => {})
      await Promise.all([read(child.stdout), read(child.stderr)])
    },
  }
}
