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
export const ask = ({ records, environment }: Job, values: Values, run: string): Asked => {
  const held = values.get(records.hold)
  const hold = held === undefined ? undefined : parseHold(held, records.hold)
  const recorded = values.get(records.release)
  const release = recorded === undefined ? undefined : parseRelease(recorded, records.release)
  const newer = noNewerCandidate(run, release)
  const refusal =
    hold !== undefined
      ? `${environment} is held: ${hold.reason} (${hold.by}, ${hold.at}); release it with rollback.yml, operation resume, and run this again`
      : newer.result === 'pass'
        ? undefined
        : `${newer.reason}; its infrastructure stays`
  return { ...(refusal !== undefined && { refusal }), ...(release && { release }) }
}

/** Rejects with the reason why the environment may not be changed. */
export const requireGo = ({ refusal }: Asked): void => {
  if (refusal !== undefined) throw new Refusal(refusal)
}
