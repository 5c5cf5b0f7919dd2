import type { Release } from '../records.ts'
import type { BranchBoard } from './board.ts'
import type { Head } from './facts.ts'

/** How the newest commit of a branch stands to what is recorded in its environment. */
export const branchBoard = (name: string, head: Head, release: Release | undefined): BranchBoard => {
  if ('problem' in head) return { name, position: 'unknown', note: head.problem }
  const { ref, commit, distance } = head
  const base = { name, ref, commit }
  if (release === undefined) return { ...base, position: 'behind', note: 'nothing was ever delivered' }
  const counts = distance ?? {}
  if (wantsRecorded(head, release)) return { ...base, ...counts, position: 'level' }
  if (distance === undefined) {
    return { ...base, position: 'unknown', note: `this clone does not have the recorded commit ${release.commit.slice(0, 12)}` }
  }
  const { behind, ahead } = distance
  if (behind > 0 && ahead > 0) return { ...base, ...counts, position: 'diverged' }
  return { ...base, ...counts, position: ahead > 0 ? 'ahead' : 'behind' }
}

type Known = Exclude<Head, { problem: string }>

/** Content decides, not the commit: a change of the documentation alone leaves an environment level with its branch. */
export const wantsRecorded = ({ images, services }: Known, release: Release): boolean => {
  if (release.partial) return false
  const names = new Set([...Object.keys(services), ...Object.keys(release.services)])
  return [...names].every((service) => {
    const wanted = images[services[service] ?? '']?.tag
    return wanted !== undefined && wanted === release.images[release.services[service] ?? '']?.tag
  })
}
