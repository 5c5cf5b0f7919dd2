export type GitCommit = {
  sha: string
  tree: string
  parents: string[]
  message: string
  author: { name: string; email: string; date: string }
}

/** The repository's objects and refs, read anew with every request. Two ways to have one: `memoryGit` and `bareRepository`. */
export type GitSource = {
  /** Full ref names (`refs/heads/dev`) and the commits they are on. */
  refs(): Record<string, string>
  commit(sha: string): GitCommit | undefined
  /** Without a sha the ref is deleted. */
  setRef(ref: string, sha: string | undefined): void
  /** The commit that merging `head` into `base` would make; undefined where they conflict. */
  merge(base: string, head: string, message: string): string | undefined
  /** Paths that differ between two commits. */
}

/** Everything that can be reached from a commit, itself included, newest first as far as parents tell. */
export const history = (git: GitSource, sha: string): GitCommit[] => {
  const found = new Map<string, GitCommit>()
  const waiting = [sha]
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const commit = found.has(next) ? undefined : git.commit(next)
    if (commit === undefined) continue
    found.set(next, commit)
    waiting.push(...commit.parents)
  }
  return [...found.values()]
}

/** What a name means: a full ref, a branch, a tag, or a commit. */
export const resolve = (git: GitSource, name: string): string | undefined => {
  const refs = git.refs()
  const named = refs[name] ?? refs[`refs/${name}`] ?? refs[`refs/heads/${name}`] ?? refs[`refs/tags/${name}`]
  return named ?? (/^[0-9a-f]{40}$/.test(name) ? git.commit(name)?.sha : undefined)
}

export type Comparison = {
  status: 'ahead' | 'behind' | 'diverged' | 'identical'
  base: GitCommit
  mergeBase: GitCommit
  /** Of head and not of base, oldest first. */
  commits: GitCommit[]
  behind: number
}

const relation = (ahead: number, behind: number): Comparison['status'] => {
  if (ahead > 0) return behind > 0 ? 'diverged' : 'ahead'
  return behind > 0 ? 'behind' : 'identical'
}

/** GitHub's three-dot comparison; undefined where the two have no common ancestor. */
export const compare = (git: GitSource, base: string, head: string): Comparison | undefined => {
  const [ofBase, ofHead] = [history(git, base), history(git, head)]
  const [inBase, inHead] = [new Set(ofBase.map(({ sha }) => sha)), new Set(ofHead.map(({ sha }) => sha))]
  const mergeBase = ofHead.find(({ sha }) => inBase.has(sha))
  const [first] = ofBase
  if (mergeBase === undefined || first === undefined) return undefined
  const commits = ofHead.filter(({ sha }) => !inBase.has(sha)).toReversed()
  const behind = ofBase.filter(({ sha }) => !inHead.has(sha)).length
  return { status: relation(commits.length, behind), base: first, mergeBase, commits, behind }
}
