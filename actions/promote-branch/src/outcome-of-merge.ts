import { parseConfiguration } from '../../../lib/delivery/parse.ts'
import type { Candidate } from '../../../lib/delivery/standing.ts'
import type { Pull } from '../../../lib/github/pulls.ts'
import { Refusal } from '../../../lib/refusal.ts'
import { candidateOf } from './candidate.ts'
import type { Downstream } from './environments.ts'
import type { Clone } from './ports.ts'
import type { Outcome } from './verdict.ts'

/** What merging a pull request now would create; the commits that were looked at stand beside it. */
export type Merged = { outcome: Outcome; base: string; upstream: Candidate | undefined }

/** Why a pull request cannot be asked about here; another run can. */
export type Unseen = { unseen: string }

/**
 * `mergeCommit` is what GitHub made of the pull request for this run. It is used while it is a merge of both branches as
 * they are now; otherwise the merge is computed here.
 */
export const outcomeOfMerge = async (
  clone: Clone,
  pull: Pull,
  place: Downstream,
  config: string,
  mergeCommit?: string,
): Promise<Merged | Unseen> => {
  const base = await clone.branchHead(place.branch)
  if (base === undefined) return { unseen: `branch ${place.branch} is not in the clone; give actions/checkout 'fetch-depth: 0'` }
  const { commit: head, isFork } = pull.head
  if (!(await clone.known([head])).has(head)) {
    const remedy = isFork
      ? 'it is from a fork, and promotions come from branches of this repository'
      : "give actions/checkout 'fetch-depth: 0', or run again"
    return { unseen: `commit ${head.slice(0, 12)} of pull request ${pull.number} is not in the clone; ${remedy}` }
  }
  const merge = await mergeOf(clone, base, head, mergeCommit)
  if ('conflicts' in merge) return { outcome: { kind: 'conflict', files: merge.conflicts }, base, upstream: undefined }
  const trees = await clone.treesOf([head])
  const source = clone.source(merge.tree, `the merge of ${pull.head.branch} into ${place.branch}`)
  try {
    const configuration = parseConfiguration(await source.file(config), config)
    const merged = await candidateOf(configuration, source)
    const read = (tree: string | undefined) =>
      tree === undefined ? undefined : candidateOf(configuration, clone.source(tree, 'a branch')).catch(orUndefined)
    const upstream = await clone.branchHead(place.upstream.branch)
    const upstreamTree = upstream && (await clone.treesOf([upstream])).get(upstream)
    const outcome: Outcome = { kind: 'tree', merged, head: await read(trees.get(head)) }
    return { outcome, base, upstream: await read(upstreamTree) }
  } catch (error) {
    if (error instanceof Refusal) return { outcome: { kind: 'invalid', problem: error.message }, base, upstream: undefined }
    throw error
  }
}

const mergeOf = async (clone: Clone, base: string, head: string, mergeCommit: string | undefined) => {
  const parents = mergeCommit === undefined ? [] : await clone.parents(mergeCommit)
  const isCurrent = parents[0] === base && parents[1] === head
  const tree = mergeCommit !== undefined && isCurrent ? (await clone.treesOf([mergeCommit])).get(mergeCommit) : undefined
  return tree === undefined ? clone.merge(base, head) : { tree }
}

/** A tree without the images' folders has no such candidate. */
const orUndefined = (error: unknown): undefined => {
  if (error instanceof Refusal) return undefined
  throw error
}
