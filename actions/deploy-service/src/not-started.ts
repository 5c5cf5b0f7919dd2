import type { Outcome } from './outcome.ts'
import { type StartLimits, type TargetTools, whyStopped } from './target.ts'

type Ending = Extract<Outcome, 'failed-rolled-back' | 'cancelled' | 'timed-out'>

/** A deployment that does not exist, for certain: AWS said no, or was not asked yet. */
export class NotStarted extends Error {
  override readonly name = 'NotStarted'
  /** How a service ends for it, where what ran before is proven to run. */
  readonly outcome: Ending
  constructor(message: string, { outcome = 'failed-rolled-back', ...options }: ErrorOptions & { outcome?: Ending } = {}) {
    super(message, options)
    this.outcome = outcome
  }
}

/** Throws where nothing may be started any more. */
export const refuseLateStart = ({ signal, deadline }: StartLimits, { clock }: Pick<TargetTools, 'clock'>): void => {
  if (signal.aborted)
    throw new NotStarted(`${whyStopped(signal)} before ecs:UpdateService was accepted`, { outcome: 'cancelled' })
  if (clock.monotonic() > deadline)
    throw new NotStarted("the time given by 'timeout' was over before ecs:UpdateService was accepted", { outcome: 'timed-out' })
}
