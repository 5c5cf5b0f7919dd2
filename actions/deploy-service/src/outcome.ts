/** How a deployment of one service, or of a release, ended. */
export type Outcome =
  /** The digest asked for runs, and was seen running. */
  | 'succeeded'
  /** It ran already, and was seen running. */
  | 'no-change'
  /** A newer candidate is recorded; nothing was started. */
  | 'skipped'
  /** The image that ran before runs again, and was seen running. */
  | 'failed-rolled-back'
  /** Something else than the image that ran before may be running. */
  | 'failed-not-rolled-back'
  /** Someone else's deployment replaced ours in flight. */
  | 'superseded'
  /** Stopped because the job was cancelled. */
  | 'cancelled'
  | 'timed-out'
  /** A check before the first write said no; nothing was changed. */
  | 'refused'

const GREEN: readonly Outcome[] = ['succeeded', 'no-change', 'skipped']

export const isGreen = (outcome: Outcome): boolean => GREEN.includes(outcome)

/** From the one that asks for a person first to the one that asks for nothing. */
const GRAVITY: readonly Outcome[] = [
  'failed-not-rolled-back',
  'superseded',
  'timed-out',
  'failed-rolled-back',
  'cancelled',
  'refused',
  'succeeded',
  'skipped',
  'no-change',
]

/** The outcome of a release is the gravest of its services. */
export const gravest = (outcomes: readonly Outcome[]): Outcome =>
  GRAVITY.find((candidate) => outcomes.includes(candidate)) ?? 'no-change'
