import { notHeld } from '../../../lib/delivery/gates/hold.ts'
import { noNewerCandidate } from '../../../lib/delivery/gates/newer-candidate.ts'
import { parseHold, parseRelease, type Release } from '../../../lib/delivery/records.ts'
import type { Job } from './place.ts'
import type { Values } from './values.ts'

/** What the records of the environment say before anything is done. */
export type Asked = {
  /** Why nobody may change the environment now. */
  refusal?: string
  /** Why this run is outdated. */
  overtaken?: string
  release?: Release
}

/** `run` is the address or id of this run. */
export const ask = (job: Job, values: Values, run: string): Asked => {
  const { records, environment } = job
  const recorded = values.get(records.release)
  const release = recorded === undefined ? undefined : parseRelease(recorded, records.release)
  const refusal = heldWith(job, values)
  const newer = noNewerCandidate(run, release)
  return {
    ...(refusal !== undefined && { refusal }),
    ...(newer.result !== 'pass' && { overtaken: `the infrastructure of ${environment} stays: ${newer.reason}` }),
    ...(release && { release }),
  }
}

/** Why nobody may change the environment, if somebody has taken it in hand. */
export const heldWith = (job: Job, values: Values): string | undefined => {
  const { records, environment } = job
  const held = values.get(records.hold)
  // Infrastructure is brought by automation, as what a branch has first is.
  const gate = notHeld('first', job, held === undefined ? undefined : parseHold(held, records.hold))
  return gate.result === 'pass' ? undefined : `the infrastructure of ${environment} stays: ${gate.reason}`
}
