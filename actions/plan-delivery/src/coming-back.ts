import { predecessorOf } from '../../../lib/delivery/predecessor.ts'
import type { Release } from '../../../lib/delivery/records.ts'
import { Refusal } from '../../../lib/refusal.ts'
import type { Asked } from './request.ts'

type Wish = Pick<Asked, 'environment' | 'release' | 'runId'>

/** Which release comes back, and which one is left for good; none is, where what stands is only brought again. */
export const comingBack = (
  { environment, release: wanted = 'previous', runId }: Wish,
  history: readonly Release[],
  branch: string,
): { target: Release; rejects: string | undefined } => {
  const current = history.at(-1)
  if (current === undefined) {
    throw new Refusal(
      `nothing was ever verified in ${environment}, so there is nothing to roll back to; deliver: gh workflow run deliver.yml --ref ${branch}`,
    )
  }
  // The same run again, from its first job: what it did must not be done a second time.
  const isOurs = current.kind === 'rollback' && runId !== '' && current.run.split('/').at(-1) === runId
  if (isOurs) return { target: current, rejects: current.rejected.at(-1) }
  const whole = history.filter(({ partial }) => !partial)
  if (wanted !== 'previous') {
    const target = whole.findLast(({ release }) => release === wanted)
    if (target === undefined) throw new Refusal(`${wanted} never stood whole in ${environment}; ${candidates(whole, current)}`)
    return { target, rejects: target.release === current.release ? undefined : current.release }
  }
  const previous = predecessorOf(history)
  if (previous === undefined || 'lost' in previous) {
    const first = current.previous === undefined ? 'is the first release there' : 'is the first release that stood whole there'
    const why = previous ? `follows ${previous.lost}, of which no record is left` : first
    throw new Refusal(`${current.release} in ${environment} ${why}; ${candidates(whole, current)}`)
  }
  return { target: previous.release, rejects: current.release }
}

const candidates = (whole: readonly Release[], current: Release): string => {
  const ids = [...new Set(whole.map(({ release }) => release))].filter(
    (release) => release !== current.release && !current.rejected.includes(release),
  )
  return ids.length === 0
    ? 'no other release can come back; mend it on the branch'
    : `name one that stood there: -f release=${ids.at(-1)} (of ${ids.toReversed().slice(0, 5).join(', ')})`
}
