import type { LoggedCommit } from '../../../lib/git/history.ts'

/**
 * Of the commits that a later branch has and the earlier one lacks, those that brought something: not the promotion merges,
 * whose tree is that of a branch that was merged. Merges count only where no plain commit explains the difference: a
 * conflict was settled in them.
 */
export const ownCommits = (commits: readonly LoggedCommit[], trees: ReadonlyMap<string, string>): LoggedCommit[] => {
  const plain = commits.filter(({ parents }) => parents.length < 2)
  if (plain.length > 0) return plain
  return commits.filter(({ tree, parents }) => parents.every((parent) => trees.get(parent) !== tree))
}

/** First line of a commit's message; hostile until it is rendered. */
export const subject = ({ message }: Pick<LoggedCommit, 'message'>): string => message.split('\n', 1)[0] ?? ''
