import type { GitObjects } from '../tag.ts'
import type { Gate } from './gate.ts'

type Sides = {
  upstream: { branch: string; commit: string; objects: GitObjects | undefined }
  own: { branch: string; objects: GitObjects }
}

/**
 * Images travel without a merge only where configuration and infrastructure are the same on both sides; these travel with
 * the branch. `objects` are undefined where the clone does not have the commit.
 */
export const sameConfiguration = (paths: readonly string[], { upstream, own }: Sides): Gate => {
  const short = upstream.commit.slice(0, 12)
  const evidence = { commit: upstream.commit, branch: own.branch }
  const answer = (result: Gate['result'], reason: string): Gate => ({ gate: 'same-configuration', result, reason, evidence })
  if (upstream.objects === undefined) {
    return answer(
      'fail',
      `commit ${short} of the release is not in the clone, so its configuration cannot be compared; give actions/checkout 'fetch-depth: 0'`,
    )
  }
  const theirs = upstream.objects
  const differing = paths.filter((path) => theirs.get(path)?.id !== own.objects.get(path)?.id)
  if (differing.length === 0)
    return answer('pass', `configuration and infrastructure are the same in ${short} and on ${own.branch}`)
  const merge = `gh pr create --base ${own.branch} --head ${upstream.branch}`
  return answer(
    'fail',
    `${differing.join(' and ')} differ between ${short} and branch ${own.branch}, and they travel with the branch; merge instead: ${merge}`,
  )
}
