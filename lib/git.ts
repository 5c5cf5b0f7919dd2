import { mkdir, rm } from 'node:fs/promises'
import type { GitObjects } from './delivery/tag.ts'
import { git } from './git/run.ts'
import { Refusal } from './refusal.ts'

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
