import { execFile } from 'node:child_process'

type Options = { env?: Record<string, string>; cwd?: string; timeout?: number }

/** Runs a program and returns what it printed. A failure carries the program's own last line; the environment is added to ours. */
export const run = (program: string, args: string[], options: Options = {}): Promise<string> =>
  new Promise((resolve, reject) => {
    const merged: NodeJS.ProcessEnv = { ...process.env, ...options.env }
    // Some ways to become root leave the system's own programs out of the PATH.
    const env = { ...merged, PATH: `${merged['PATH'] ?? ''}:/usr/sbin:/sbin` }
    execFile(program, args, { ...options, env, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      if (!error) return resolve(stdout)
      const verb = args.find((arg) => /^[a-z-]+$/.test(arg) && !arg.startsWith('-')) ?? ''
      // The package manager says the cause first and the consequence last.
      const reason = /^E: .*/m.exec(stderr)?.[0] ?? (stderr.trim().split('\n').at(-1) || error.message)
      reject(new Error(`${program} ${verb} failed: ${reason}`, { cause: error }))
    })
  })

/** Like `run`, for questions whose failure is an answer too. */
export const attempt = (program: string, args: string[], options: Options = {}): Promise<string | undefined> =>
  run(program, args, options).catch(() => undefined)
