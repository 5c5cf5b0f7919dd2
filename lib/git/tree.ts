import type { GitObjects } from '../delivery/tag.ts'
import { Refusal } from '../refusal.ts'
import { attempt, git } from './run.ts'

/** Reads files and objects of a tree that need not belong to any commit. `what` names the tree in messages. */
export const treeSource = (repository: string, tree: string, what: string) => ({
  file: async (path: string): Promise<string> => {
    const { exitCode, stdout } = await attempt(repository, ['cat-file', 'blob', `${tree}:${path}`])
    if (exitCode === 0) return stdout
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
