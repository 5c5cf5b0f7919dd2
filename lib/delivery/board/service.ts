import { isDigest, parseImage, short } from '../../image.ts'
import type { Release } from '../records.ts'
import type { ServiceBoard, ServiceState } from './board.ts'
import type { KeptImage, Live, ServiceFacts } from './facts.ts'

/**
 * One service: what is on record, what runs, and what that means. The `image` record is what is to run; while somebody has the
 * lease (`isLeased`), it may be about to be written, since a release is recorded when all of its services are proven.
 */
export const serviceBoard = (
  facts: ServiceFacts,
  release: Release | undefined,
  kept: readonly KeptImage[],
  isLeased: boolean,
): ServiceBoard => {
  const recorded = recordedDigest(facts, release)
  const { live } = facts
  const base = { service: facts.name, target: facts.target, ...(recorded !== undefined && { recorded }) }
  if (live.state !== 'seen') {
    const state = live.state === 'missing' && recorded === undefined ? 'not-delivered' : live.state
    return { ...base, state, running: {}, note: live.reason }
  }
  const aliases = new Set([recorded, ...kept.filter(({ digest }) => digest === recorded).flatMap(({ children }) => children)])
  const found = stateOf(live, recorded, aliases)
  const state = found === 'drift' && isLeased ? 'changing' : found
  const note = noteOf(live, recorded, aliases, state)
  return { ...base, state, running: live.running, desired: live.desired, ...(note !== undefined && { note }) }
}

/** The digest that is to run: of the `image` record, which a killed run may have written before the release. */
const recordedDigest = ({ name, record }: Pick<ServiceFacts, 'name' | 'record'>, release: Release | undefined) => {
  const digest = record === undefined ? undefined : parseImage(record)?.digest
  return digest ?? releaseDigest(name, release)
}

export const releaseDigest = (service: string, release: Release | undefined): string | undefined =>
  release?.images[release.services[service] ?? '']?.digest

type Seen = Extract<Live, { state: 'seen' }>

const stateOf = (
  { running, desired, changing }: Seen,
  recorded: string | undefined,
  same: ReadonlySet<unknown>,
): ServiceState => {
  if (changing) return 'changing'
  const digests = Object.keys(running).filter(isDigest)
  if (recorded === undefined) return digests.length > 0 ? 'unrecorded' : 'not-delivered'
  if (digests.some((digest) => !same.has(digest))) return 'drift'
  if (desired === 0) return 'stopped'
  if (digests.length === 0 && copies(running) > 0) return 'not-seen'
  return copies(running) < desired ? 'incomplete' : 'as-recorded'
}

const noteOf = (
  { running, desired }: Seen,
  recorded: string | undefined,
  same: ReadonlySet<unknown>,
  state: ServiceState,
): string | undefined => {
  switch (state) {
    case 'drift': {
      const others = Object.entries(running).filter(([digest]) => isDigest(digest) && !same.has(digest))
      const seen = others.map(([digest, count]) => `${short(digest)} runs in ${count} of ${copies(running)} copies`)
      return `${short(recorded ?? '')} is recorded, and ${seen.join(' and ')}`
    }
    case 'incomplete':
      return `${copies(running)} of ${desired} copies are running`
    case 'not-seen':
      return 'the platform does not say which digest runs'
    case 'changing':
      return 'a deployment is under way'
    default:
      return undefined
  }
}

const copies = (running: Record<string, number>): number => Object.values(running).reduce((sum, count) => sum + count, 0)
