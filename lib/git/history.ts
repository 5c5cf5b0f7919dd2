import { attempt, failed, git } from './run.ts'

export type LoggedCommit = {
  id: string
  tree: string
  parents: string[]
  /** As it was written: not one word of it is to be trusted. */
  message: string
}

/**
 * The commit that a branch points at: as it was fetched, else as it is here. Undefined where the clone has no such branch.
 * A clone of actions/checkout has the branches of `origin` with `fetch-depth: 0`.
 */
export const branchHead = async (repository: string, branch: string): Promise<string | undefined> => {
  const refs = [`refs/remotes/origin/${branch}`, `refs/heads/${branch}`]
  const answers = await lookUp(
    repository,
    refs.map((ref) => `${ref}^{commit}`),
  )
  return answers.find((id) => id !== undefined)
}

/** Which of these commits the clone has. */
export const known = async (repository: string, commits: string[]): Promise<Set<string>> => {
  const answers = await lookUp(
    repository,
    commits.map((id) => `${id}^{commit}`),
  )
  return new Set(answers.filter((id) => id !== undefined))
}

/** Tree ids of commits, by commit; one that the clone lacks is absent. */
export const treesOf = async (repository: string, commits: string[]): Promise<Map<string, string>> => {
  const trees = await lookUp(
    repository,
    commits.map((id) => `${id}^{tree}`),
  )
  return new Map(commits.flatMap((id, index) => (trees[index] ? [[id, trees[index]] as const] : [])))
}

const lookUp = async (repository: string, names: string[]): Promise<(string | undefined)[]> => {
  if (names.length === 0) return []
  const answer = await git(repository, ['cat-file', '--batch-check=%(objectname)'], `${names.join('\n')}\n`)
  return answer.split('\n').map((line) => (/^[0-9a-f]{40,64}$/.test(line) ? line : undefined))
}

/** Commits that `to` has and `from` has not, newest first. */
export const commitsBetween = async (repository: string, from: string, to: string, most: number): Promise<LoggedCommit[]> => {
  const format = '--format=%H %T%n%P%n%B'
  const args = ['log', '-z', '--no-color', '--no-show-signature', '--encoding=UTF-8', `--max-count=${most}`, format]
  const printed = await git(repository, [...args, `${from}..${to}`, '--'])
  return printed
    .split('\0')
    .filter((entry) => entry !== '')
    .map((entry) => {
      const [ids = '', parents = '', ...message] = entry.split('\n')
      const [id = '', tree = ''] = ids.split(' ')
      return { id, tree, parents: parents.split(' ').filter((parent) => parent !== ''), message: message.join('\n').trim() }
    })
}

export const isAncestor = async (repository: string, ancestor: string, commit: string): Promise<boolean> => {
  const args = ['merge-base', '--is-ancestor', ancestor, commit]
  const ended = await attempt(repository, args)
  return ended.exitCode === 0 || (ended.exitCode !== 1 && failed(repository, args, ended))
}

/** The commits that a commit was made of; a merge on GitHub has the base first. Empty where the clone ends there. */
export const parentsOf = async (repository: string, commit: string): Promise<string[]> => {
  const [, ...parents] = (await git(repository, ['rev-list', '--parents', '--max-count=1', commit, '--'])).trim().split(' ')
  return parents
}
