import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { Refusal } from '../refusal.ts'
import { childEnvironment } from '../runner/child.ts'

/** The machine's own settings must not change what is exported, and no hook of the clone may run. */
const SETTINGS = ['core.hooksPath=/dev/null', 'core.fsmonitor=false', 'core.autocrlf=false', 'core.sparseCheckout=false'].flatMap(
  (setting) => ['-c', setting],
)

/**
 * A shell in between, because the umask, the index file and the work tree belong to this one child, not to our process.
 * Without a work tree of its own git would read `.gitattributes` of the working directory.
 */
const ISOLATED = 'umask 022; GIT_WORK_TREE=$1; GIT_INDEX_FILE=$1.index; export GIT_WORK_TREE GIT_INDEX_FILE; shift; exec git "$@"'

/** What git prints; a `Refusal` in words where it fails. `workTree` is a folder that takes the place of the working directory. */
export const git = async (repository: string, args: string[], input = '', workTree?: string): Promise<string> => {
  const ended = await attempt(repository, args, input, workTree)
  return ended.exitCode === 0 ? ended.stdout : failed(repository, args, ended)
}

/** Like `git`, where an exit code other than 0 is an answer too. A `Refusal` where git cannot be started. */
export const attempt = (repository: string, args: string[], input = '', workTree?: string): Promise<Ended> => {
  const [program, line] =
    workTree === undefined ? ['git', [...SETTINGS, ...args]] : ['sh', ['-c', ISOLATED, 'sh', workTree, ...SETTINGS, ...args]]
  return run(program, line, repository, input).catch((cause: Error) => {
    throw new Refusal(`git could not be started in '${repository}': ${cause.message}`, { cause })
  })
}

export const failed = (repository: string, args: string[], { stderr }: Ended): never => {
  if (/not a git repository/.test(stderr)) {
    throw new Refusal(`'${repository}' is not a git repository: run actions/checkout before this action`)
  }
  throw new Refusal(`git ${args[0]} failed in '${repository}': ${stderr.trim().replaceAll(/\s*\n\s*/g, ' ')}`)
}

export type Ended = { exitCode: number | null; stdout: string; stderr: string }

/** Not @actions/exec: a program that ends before it has read its input makes that one crash the whole process. */
const run = (program: string, args: string[], cwd: string, input: string): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: childEnvironment() })
    const output = [text(child.stdout), text(child.stderr)] as const
    child.on('error', reject)
    child.on('close', (exitCode) => {
      Promise.all(output).then(([stdout, stderr]) => resolve({ exitCode, stdout, stderr }), reject)
    })
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
  })
