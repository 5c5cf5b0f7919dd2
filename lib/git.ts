import { spawn } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import type { GitObjects } from './delivery/tag.ts'
import { Refusal } from './refusal.ts'
import { childEnvironment } from './runner/child.ts'

export type Commit = {
  /** The full id. */
  id: string
  /** What the commit has at the paths asked for; a path that it does not have is absent. */
  objects: GitObjects
}

/**
 * Looks up paths of a commit in one git process. Needs the commit and its trees only, so a clone of depth 1 does.
 * Throws a `Refusal` where the folder is no repository or the repository lacks the commit.
 */
export const objectsOf = async (repository: string, commit: string, paths: string[]): Promise<Commit> => {
  const names = [`${commit}^{commit}`, ...paths.map((path) => `${commit}:${path}`)]
  const answer = await git(repository, ['cat-file', '--batch-check=%(objectname) %(objecttype)'], `${names.join('\n')}\n`)
  const [found, ...objects] = answer.split('\n').map(parseObject)
  if (found === undefined) {
    throw new Refusal(
      `commit '${commit}' is not in the repository at ${repository}: check it out first (actions/checkout with 'ref'; depth 1 is enough)`,
    )
  }
  const byPath = paths.flatMap((path, index) => (objects[index] ? [[path, objects[index]] as const] : []))
  return { id: found.id, objects: new Map(byPath) }
}

const parseObject = (line: string): { id: string; type: string } | undefined => {
  const [, id, type] = /^([0-9a-f]{40,64}) (commit|tree|blob)$/.exec(line) ?? []
  return id === undefined || type === undefined ? undefined : { id, type }
}

/**
 * Writes these paths of a commit into a new folder, as they are in the repository's objects: nothing of the working
 * directory or of the index is read, modes are 644 and 755 whatever the umask of the caller, symbolic links stay links.
 */
export const exportPaths = async (repository: string, commit: string, paths: string[], destination: string): Promise<void> => {
  const run = (args: string[], input?: string) => git(repository, args, input, destination)
  try {
    await mkdir(destination, { recursive: true })
    await run(['read-tree', commit])
    const files = await run(['ls-files', '-z', '--stage', '--full-name', '--', ...paths.map((path) => `:(top,literal)${path}`)])
    const entries = files.split('\0').filter((entry) => entry !== '')
    const submodule = entries.find((entry) => entry.startsWith('160000'))
    if (submodule) {
      throw new Refusal(
        `the submodule '${nameOf(submodule)}' cannot be part of an image: its files belong to another repository; copy them in, or leave its folder out of the context`,
      )
    }
    await run(
      ['checkout-index', '-z', '--stdin', `--prefix=${destination}/`],
      entries.map((entry) => `${nameOf(entry)}\0`).join(''),
    )
  } finally {
    await rm(`${destination}.index`, { force: true })
  }
}

/** An entry of `ls-files --stage` is `MODE ID STAGE<tab>NAME`. */
const nameOf = (entry: string): string => entry.slice(entry.indexOf('\t') + 1)

/** The machine's own settings must not change what is exported, and no hook of the clone may run. */
const SETTINGS = ['core.hooksPath=/dev/null', 'core.fsmonitor=false', 'core.autocrlf=false', 'core.sparseCheckout=false'].flatMap(
  (setting) => ['-c', setting],
)

/**
 * A shell in between, because the umask, the index file and the work tree belong to this one child, not to our process.
 * Without a work tree of its own git would read `.gitattributes` of the working directory.
 */
const ISOLATED = 'umask 022; GIT_WORK_TREE=$1; GIT_INDEX_FILE=$1.index; export GIT_WORK_TREE GIT_INDEX_FILE; shift; exec git "$@"'

const git = async (repository: string, args: string[], input = '', workTree?: string): Promise<string> => {
  const [program, line] =
    workTree === undefined ? ['git', [...SETTINGS, ...args]] : ['sh', ['-c', ISOLATED, 'sh', workTree, ...SETTINGS, ...args]]
  const { exitCode, stdout, stderr } = await run(program, line, repository, input).catch((cause: Error) => {
    throw new Refusal(`git could not be started in '${repository}': ${cause.message}`, { cause })
  })
  if (exitCode === 0) return stdout
  if (/not a git repository/.test(stderr)) {
    throw new Refusal(`'${repository}' is not a git repository: run actions/checkout before this action`)
  }
  throw new Refusal(`git ${args[0]} failed in '${repository}': ${stderr.trim().replaceAll(/\s*\n\s*/g, ' ')}`)
}

type Ended = { exitCode: number | null; stdout: string; stderr: string }

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
