import type { Release } from './records.ts'

/** What a way back leads to; `lost` is the id of a release of which no record is left, and there is none before the first. */
export type Predecessor = { release: Release } | { lost: string } | undefined

/**
 * The release that stood whole before the one that stands, in a history that is oldest first. One that came in part only is
 * passed over for the one before it, and so is an earlier time of the one that stands.
 */
export const predecessorOf = (history: readonly Release[]): Predecessor => {
  const current = history.at(-1)
  return current && before(history.slice(0, -1), current.previous, current.release)
}

/** Each step looks at older records alone, so it comes to an end. */
const before = (history: readonly Release[], id: string | undefined, current: string): Predecessor => {
  if (id === undefined) return undefined
  const whole = history.findLastIndex(({ release, partial }) => release === id && !partial)
  const index = whole === -1 ? history.findLastIndex(({ release }) => release === id) : whole
  const release = history[index]
  if (release === undefined) return { lost: id }
  if (!release.partial && id !== current) return { release }
  return before(history.slice(0, index), release.previous, current)
}
