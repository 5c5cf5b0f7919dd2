import { isPassing } from '../../../lib/aws/errors.ts'
import type { TargetTools } from './target.ts'

/** How long reads may fail in a row before what they look at is given up as unknown. */
const LIMIT = 60_000

/** For a look that is repeated anyway: errors that the next one may not meet again are borne until they have lasted. */
export const patience = ({ clock, log }: Pick<TargetTools, 'clock' | 'log'>) => {
  let since: number | undefined
  return {
    /** Told of every look that succeeded. */
    relieve: (): void => {
      since = undefined
    },
    /** Whether the last look failed. */
    isTried: (): boolean => since !== undefined,
    /** Throws the error again where it is final, or has lasted too long. */
    bear: (error: unknown): void => {
      since ??= clock.monotonic()
      if (!isPassing(error) || clock.monotonic() - since > LIMIT) throw error
      log.info(`  ${(error as Error).message}; looking again`)
    },
  }
}
