import { branchHead, commitsBetween, isAncestor, known, parentsOf, treesOf } from '../../../lib/git/history.ts'
import { mergeTree } from '../../../lib/git/merge.ts'
import { treeSource } from '../../../lib/git/tree.ts'
import type { Clone } from './ports.ts'

/** The clone at `repository`, read with git. Nothing of its working directory is seen, and no branch is moved. */
export const clone = (repository: string): Clone => ({
  branchHead: (branch) => branchHead(repository, branch),
  known: (commits) => known(repository, commits),
  parents: (commit) => parentsOf(repository, commit),
  treesOf: (commits) => treesOf(repository, commits),
  merge: (base, head) => mergeTree(repository, base, head),
  between: (from, to, most) => commitsBetween(repository, from, to, most),
  isAncestor: (ancestor, commit) => isAncestor(repository, ancestor, commit),
  source: (tree, what) => treeSource(repository, tree, what),
})
