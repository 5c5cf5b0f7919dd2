import { summarise } from './input-summary.ts'
import type { Authorization, Call } from './service.ts'

export type RecordedCall = {
  /** Position in the order of arrival, from 1. */
  sequence: number
  /** Milliseconds since the epoch, when the request arrived. */
  time: number
  service: string
  operation: string
  account: string
  region: string
  /** ARN of the caller; `anonymous` for unsigned calls. */
  principal: string
  /** Name of the assumed role, where there is one. */
  role?: string
  /** What IAM would be asked. */
  authorizations: Authorization[]
  /** The input with secrets hidden and long texts cut. */
  input: unknown
  /** `pending`, `ok`, or the name of the error that the caller got. */
  outcome: string
  /** Real milliseconds until the answer was ready; absent while it is pending. */
  milliseconds?: number
  /** How the call reached us: an AWS API, or the HTTP interface of the registry. */
  via: 'api' | 'registry'
}

type CallFilter = {
  /** Only calls after this mark. */
  since?: number
  /** ARN of a principal, or name of a role. */
  principal?: string
  /** `ecs:UpdateService`, or a service `ecs`. */
  call?: string
}

const wanted = (recorded: RecordedCall, { since = 0, principal, call }: CallFilter): boolean =>
  recorded.sequence > since &&
  (principal === undefined || recorded.principal === principal || recorded.role === principal) &&
  (call === undefined || recorded.service === call || `${recorded.service}:${recorded.operation}` === call)

export const createRecorder = (now: () => Date) => {
  const recorded: RecordedCall[] = []
  const calls = (filter: CallFilter = {}): RecordedCall[] => recorded.filter((call) => wanted(call, filter))
  return {
    /** Makes an entry; the one who made it closes it. */
    open({ service, operation, principal: { account, arn, role }, region }: Call, input: unknown, via: RecordedCall['via']) {
      const entry: RecordedCall = {
        sequence: recorded.length + 1,
        time: now().getTime(),
        service,
        operation,
        account,
        region,
        principal: arn,
        ...(role !== undefined && { role }),
        authorizations: [],
        input: summarise(input),
        outcome: 'pending',
        via,
      }
      recorded.push(entry)
      const started = performance.now()
      return {
        authorizations(list: Authorization[]): void {
          entry.authorizations = list
        },
        end(outcome: string): void {
          entry.outcome = outcome
          entry.milliseconds = Math.round(performance.now() - started)
        },
      }
    },
    /** The number of the latest call: pass it as `since` to see only what comes after. */
    mark: (): number => recorded.length,
    calls,
    /** How often each `service:Operation` was called. */
    count(filter?: CallFilter): Record<string, number> {
      const groups = Map.groupBy(calls(filter), ({ service, operation }) => `${service}:${operation}`)
      return Object.fromEntries([...groups].map(([name, { length }]) => [name, length]))
    },
  }
}

export type Recorder = ReturnType<typeof createRecorder>

export type OpenCall = ReturnType<Recorder['open']>

/**
 * Whether a call may change something. A host that is asked what it runs by a command is not changed by that, nor is a function
 * that is invoked: what it does then is its own.
 */
export const isChange = ({ operation, input }: Pick<RecordedCall, 'operation' | 'input'>): boolean =>
  !/^(Describe|List|Get|BatchGet|BatchCheck|Assume|Invoke$)/.test(operation) &&
  (input as { Parameters?: { Operation?: string[] } }).Parameters?.Operation?.[0] !== 'status'
