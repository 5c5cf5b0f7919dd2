import type { Clock } from '../runner/clock.ts'
import type { Log } from '../runner/log.ts'
import type { LeaseRequest } from './claim.ts'
import type { Lock } from './lock.ts'

/** The lease that a run needs, in plain data: a post step gets it back as JSON. */
export type LeaseTerms = Pick<LeaseRequest, 'name' | 'owner' | 'purpose' | 'run' | 'requestTimeout'> & {
  /** Name of the `lock` parameter. */
  parameter: string
  /** Milliseconds; see the inputs of the same names. */
  leaseDuration: number
  leaseTimeout: number
}

type Means = { lock: Lock; tools: { clock: Clock; log: Log; pollInterval: number }; signal: AbortSignal }

/** What `takeLease` is asked for by an action, whose inputs have names of their own for it. */
export const requestOf = (terms: LeaseTerms, { lock, tools, signal }: Means): LeaseRequest => {
  const { name, owner, purpose, run, requestTimeout, leaseDuration: lasts, leaseTimeout: patience } = terms
  const { clock, log, pollInterval } = tools
  return { lock, name, owner, purpose, run, requestTimeout, lasts, patience, pollInterval, clock, log, signal }
}
