import { attempt } from '../../lib/git/run.ts'
import { Refusal } from '../../lib/refusal.ts'

export type Head = { commit: string; ref: string; note?: string }

/**
 * The newest commit of a branch in this clone: of the local branch where there is one, else as it was fetched. Where the two
 * differ a note says so: on the day GitHub is down the clone is all there is.
 */
export const headOf = async (repository: string, branch: string): Promise<Head> => {
  const [local, fetched] = await Promise.all(
    [`refs/heads/${branch}`, `refs/remotes/origin/${branch}`].map(async (ref) => ({
      ref,
      commit: await commitOf(repository, ref),
    })),
  )
  const found = local?.commit === undefined ? fetched : local
  if (found?.commit === undefined) throw new Refusal(`this clone has no branch ${branch}: git fetch origin ${branch}`)
  const { ref, commit } = found
  const other = found === local ? fetched?.commit : undefined
  if (other === undefined || other === commit) return { ref, commit }
  return { ref, commit, note: `${ref} is ${commit.slice(0, 12)}, and origin had ${other.slice(0, 12)} when it was last fetched` }
}

const commitOf = async (repository: string, ref: string): Promise<string | undefined> => {
  const { exitCode, stdout } = await attempt(repository, [
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${ref}^{commit}`,
  ])
  return exitCode === 0 ? stdout.trim() : undefined
}
