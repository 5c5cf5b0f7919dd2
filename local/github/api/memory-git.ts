import { createHash } from 'node:crypto'
import { type GitCommit, type GitSource, history } from './git.ts'

export type MemoryGit = GitSource & {
  /** Makes a commit on a branch, on top of `parents` or of the branch; answers with its id. `tree` is any text. */
  add(branch: string, options?: { tree?: string; parents?: string[]; message?: string }): string
}

const idOf = (text: string): string => createHash('sha1').update(text).digest('hex')

/** A repository as data, for tests that need no files: a tree is the hash of a text, commits never conflict. */
export const memoryGit = (): MemoryGit => {
  const commits = new Map<string, GitCommit>()
  const refs: Record<string, string> = {}
  const make = (tree: string, parents: string[], message: string): string => {
    const date = '2026-11-01T08:00:00Z'
    const sha = idOf(JSON.stringify([tree, parents, message, commits.size]))
    commits.set(sha, { sha, tree, parents, message, author: { name: 'octocat', email: 'octocat@example.org', date } })
    return sha
  }
  return {
    refs: () => ({ ...refs }),
    commit: (sha) => commits.get(sha),
    setRef: (ref, sha) => {
      if (sha === undefined) delete refs[ref]
      else refs[ref] = sha
    },
    merge: (base, head, message) => {
      const isBehind = history({ commit: (sha) => commits.get(sha) } as GitSource, head).some(({ sha }) => sha === base)
      const [ofBase, ofHead] = [commits.get(base)?.tree ?? '', commits.get(head)?.tree ?? '']
      return make(isBehind ? ofHead : idOf(`${ofBase} ${ofHead}`), [base, head], message)
    },
    add: (branch, { tree = `tree ${commits.size}`, parents, message = 'change' } = {}) => {
      const standing = refs[`refs/heads/${branch}`]
      const sha = make(idOf(tree), parents ?? (standing === undefined ? [] : [standing]), message)
      refs[`refs/heads/${branch}`] = sha
      return sha
    },
  }
}
