import type { LoggedCommit } from '../../../lib/git/history.ts'
import { subject } from './own-commits.ts'

/** A commit as it is listed; `subject` is somebody's words, without the number of its pull request. */
export type Change = { id: string; subject: string; pull?: number }

export type Changes = {
  commits: Change[]
  /** Pull requests that were merged as they were; squashed ones stand with their commit. */
  pulls: number[]
}

const SQUASHED = /^(.*?)\s*\(#(\d{1,9})\)\s*$/
const MERGED = /^Merge pull request #(\d{1,9}) from [^/\s]+\/(\S+)/

/** What a person wants to know of a list of commits: merges between the environments' branches bring nothing by themselves. */
export const changesOf = (log: readonly LoggedCommit[], branches: readonly string[]): Changes => ({
  commits: log
    .filter(({ parents }) => parents.length < 2)
    .map((commit) => {
      const line = subject(commit)
      const [, text, number] = SQUASHED.exec(line) ?? []
      return number === undefined
        ? { id: commit.id, subject: line }
        : { id: commit.id, subject: text ?? '', pull: Number(number) }
    }),
  pulls: log.flatMap((commit) => {
    const [, number, branch = ''] = MERGED.exec(subject(commit)) ?? []
    return commit.parents.length < 2 || number === undefined || branches.includes(branch) ? [] : [Number(number)]
  }),
})
