import type { GitObjects } from '../delivery/tag.ts'
import { Refusal } from '../refusal.ts'
import { attempt, failed, git } from './run.ts'

/** Reads files and objects of a tree that need not belong to any commit. `what` names the tree in messages. */
export const treeSource = (repository: string, tree: string, what: string) => ({
  file: async (path: string): Promise<string> => {
    const ended = await attempt(repository, ['cat-file', 'blob', `${tree}:${path}`])
    if (ended.exitCode === 0) return ended.stdout
    const isHere = await attempt(repository, ['cat-file', '-e', `${tree}^{tree}`])
    if (/not a git repository/.test(ended.stderr)) failed(repository, ['cat-file'], ended)
    if (isHere.exitCode !== 0) {
      throw new Refusal(`${what} is not in the repository at ${repository}: check it out first (actions/checkout)`)
    }
    throw new Refusal(`'${path}' is not a file of ${what}: commit it there, or correct input 'config'`)
  },
  objects: async (paths: string[]): Promise<GitObjects> => {
    if (paths.length === 0) return new Map()
    const names = paths.map((path) => `${tree}:${path}`)
    const answer = await git(repository, ['cat-file', '--batch-check=%(objectname) %(objecttype)'], `${names.join('\n')}\n`)
    const lines = answer.split('\n')
    return new Map(
      paths.flatMap((path, index) => {
        const [, id, type] = /^([0-9a-f]{40,64}) (commit|tree|blob)$/.exec(lines[index] ?? '') ?? []
        return id === undefined || type === undefined ? [] : [[path, { id, type }] as const]
      }),
    )
  },
})
