/** Of what a state machine runs scheduled commands, by name. */
export type ScheduledService = {
  /** As in `partition`. */
  partition: string
  /** The service in `delivery.json`. */
  name: string
  cluster: string
  service: string
  container: string
  /** SSM parameters, `recordNames`. */
  release: string
  image: string
  /** Address of the queue in which failures are left. */
  queue: string
}

/** An expression of JSONata, which may stand for any value. */
export const expression = (text: string): string => `{% ${text.replaceAll(/\s+/g, ' ').trim()} %}`
export const quoted = (text: string): string => `'${text}'`

/** The `ScheduledRun`. */
export const RUN = '$states.context.Execution.Input'
/** Seconds from a time, itself an expression, to when the state began. */
export const since = (begin: string): string => `($toMillis($states.context.State.EnteredTime) - $toMillis(${begin})) / 1000`

/** Nothing that is called here does its work twice: `RunTask` has a token, the others read or end something. */
export const RETRY = [
  {
    ErrorEquals: ['States.ALL'],
    IntervalSeconds: 2,
    MaxAttempts: 4,
    BackoffRate: 2,
    MaxDelaySeconds: 20,
    JitterStrategy: 'FULL',
  },
]

/** What cannot be done even then is left in the queue. */
export const CATCH = [
  {
    ErrorEquals: ['States.ALL'],
    Assign: { error: expression('$states.errorOutput.Error'), cause: expression('$states.errorOutput.Cause') },
    Next: 'LeaveFailure',
  },
]

/** An action of an AWS API, called as the SDK for Java calls it: members begin with capitals. */
export const sdk = ({ partition }: { partition: string }, action: string): string => `arn:${partition}:states:::aws-sdk:${action}`

export const call = (resource: string, rest: { Arguments: object; Assign?: object; Next: string }) => ({
  Type: 'Task',
  Resource: resource,
  Retry: RETRY,
  Catch: CATCH,
  // What the next states need is in variables; the rest would only fill the log.
  Output: {},
  ...rest,
})
