import { attempt } from '../../../lib/git/run.ts'
import { objectsOf } from '../../../lib/git.ts'
import type { Source } from './ports.ts'

/** Reads branches of the clone at `folder`; nothing is fetched. */
export const repository = (folder: string): Source => {
  /** Standard output, or undefined where git says no. */
  const ask = async (...args: string[]): Promise<string | undefined> => {
    const { exitCode, stdout } = await attempt(folder, args)
    return exitCode === 0 ? stdout : undefined
  }
  return {
    head: async (branch) => {
      for (const ref of [`refs/remotes/origin/${branch}`, `refs/heads/${branch}`]) {
        const commit = await ask('rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`)
        if (commit !== undefined) return { ref, commit: commit.trim() }
      }
      return undefined
    },
    file: (commit, path) => ask('cat-file', 'blob', `${commit}:${path}`),
    objects: async (commit, paths) => (await objectsOf(folder, commit, paths)).objects,
    distance: async (one, other) => {
      const counts = await ask('rev-list', '--count', '--left-right', '--end-of-options', `${one}...${other}`, '--')
      const [, left, right] = /^(\d+)\t(\d+)/.exec(counts ?? '') ?? []
      return left === undefined || right === undefined ? undefined : { one: Number(left), other: Number(right) }
    },
  }
}
