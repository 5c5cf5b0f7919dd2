import { Refusal } from '../refusal.ts'
import { attempt, failed, git } from './run.ts'

/** The tree that a merge would create, or the files in which it needs a person. */
export type Merge = { tree: string } | { conflicts: string[] }

/**
 * Merges `head` into `base` as `git merge` and GitHub do, without touching a branch or the working directory. Both are full
 * ids of commits in the clone. A `Refusal` where the clone is too shallow to know what they have in common.
 */
export const mergeTree = async (repository: string, base: string, head: string): Promise<Merge> => {
  await assertWhole(repository)
  const args = ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', base, head]
  const ended = await attempt(repository, args)
  const [tree = '', ...files] = ended.stdout.split('\0').filter((part) => part !== '')
  if (ended.exitCode === 0) return { tree }
  if (ended.exitCode === 1 && files.length > 0) return { conflicts: [...new Set(files)] }
  if (/unrelated histories/.test(ended.stderr)) {
    throw new Refusal(
      `commits ${base.slice(0, 12)} and ${head.slice(0, 12)} have no common ancestor, so there is no merge of them; branch the later environment's branch off the earlier one`,
    )
  }
  if (/usage: git merge-tree/.test(ended.stderr)) {
    throw new Refusal("git on this runner knows no 'merge-tree --write-tree': install git 2.38 or later")
  }
  return failed(repository, args, ended)
}

/** In a shallow clone git would look for the common ancestor in vain, or take an older one for it. */
const assertWhole = async (repository: string): Promise<void> => {
  if ((await git(repository, ['rev-parse', '--is-shallow-repository'])).trim() !== 'true') return
  throw new Refusal(
    `the clone at ${repository} is shallow and does not know where the branches parted: give actions/checkout 'fetch-depth: 0'`,
  )
}
