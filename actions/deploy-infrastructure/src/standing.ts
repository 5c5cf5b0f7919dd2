import { type Infrastructure, readInfrastructure } from '../../../lib/delivery/records.ts'
import type { StackOutcome, StackResult } from './outcome.ts'
import type { PreparedStack } from './prepare.ts'

/** With these a stack is what it is to be. */
const BROUGHT: readonly StackOutcome[] = ['created', 'updated', 'no-change']

/** What a run knows when it has the lease. */
type Given = {
  /** The record `infra` as it is. */
  before: string | undefined
  /** See `seenBy`; absent where what is approved is not all that the commit says. */
  seen: string | undefined
  commit: string
  /** Address or id of this run. */
  run: string
  /** Milliseconds since the epoch. */
  now(): number
  write(value: string): Promise<void>
}

/** Keeps on record which infrastructure stands, for the plans that come. */
export type Standing = {
  /** Before anything is executed, as often as that happens; it is written once. Rejects where it cannot be: then nothing may be executed. */
  begin(): Promise<void>
  /**
   * Afterwards, also where nothing was begun. What could not be brought, or was not compared with what stands now, stays `started`: it is
   * prepared again.
   */
  end(results: readonly StackResult[]): Promise<void>
}

/** What a preparation has compared with: whoever executes it later sees whether another run came in between. */
export const seenBy = (record: string | undefined): string => readInfrastructure(record)?.at ?? ''

/**
 * Whether nothing is left to change, and the record does not say so: a run was stopped after its last change, what failed was reverted, or
 * two runs were prepared at the same time. Only an execution can say it, under the lease; until one does, everything is prepared again.
 */
export const isUnrecorded = (kinds: readonly PreparedStack['kind'][], record: string | undefined): boolean =>
  kinds.length > 0 && kinds.every((kind) => kind === 'unchanged') && readInfrastructure(record)?.state !== 'done'

export const standing = ({ before, seen, commit, run, now, write }: Given): Standing => {
  const stood = readInfrastructure(before)
  // A run that was begun before goes on where it was.
  const isOwn = stood?.state === 'started' && stood.run === run && run !== '' && stood.seen === seen
  const isWhole = seen !== undefined && (isOwn || (stood?.at ?? '') === seen)
  const say = (state: Infrastructure['state']): Promise<void> =>
    write(
      JSON.stringify({ state, commit, at: new Date(now()).toISOString(), run, ...(state === 'started' && isWhole && { seen }) }),
    )
  let begun: Promise<void> | undefined
  let hasBegun = false
  return {
    begin: () => {
      begun ??= say('started').then(() => {
        hasBegun = true
      })
      return begun
    },
    end: async (results) => {
      if (isWhole && results.every(({ outcome }) => BROUGHT.includes(outcome))) await say('done')
      // Anew: whoever has looked at the stacks while this went on has not seen what it leaves behind.
      else if (hasBegun) await say('started')
    },
  }
}
