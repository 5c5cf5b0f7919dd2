import { notHeld } from '../../../lib/delivery/gates/hold.ts'
import { noNewerCandidate } from '../../../lib/delivery/gates/newer-candidate.ts'
import { parseHold, parseRelease, type Release } from '../../../lib/delivery/records.ts'
import { Refusal } from '../../../lib/refusal.ts'
import type { Job } from './place.ts'
import type { Values } from './values.ts'

/** What the records of the environment say before anything is done. */
export type Asked = {
  /** Why nobody may change the environment now. */
  refusal?: string
  release?: Release
}

/** `run` is the address or id of this run. */
export const ask = (job: Job, values: Values, run: string): Asked => {
  const { records, environment } = job
  const held = values.get(records.hold)
  const recorded = values.get(records.release)
  const release = recorded === undefined ? undefined : parseRelease(recorded, records.release)
  // Infrastructure is brought by automation, as what a branch has first is.
  const gates = [
    notHeld('first', job, held === undefined ? undefined : parseHold(held, records.hold)),
    noNewerCandidate(run, release),
  ]
  const refused = gates.find(({ result }) => result !== 'pass')
  return {
    ...(refused !== undefined && { refusal: `the infrastructure of ${environment} stays: ${refused.reason}` }),
    ...(release && { release }),
  }
}

/** Rejects with the reason why the environment may not be changed. */
export const requireGo = ({ refusal }: Asked): void => {
  if (refusal !== undefined) throw new Refusal(refusal)
}
