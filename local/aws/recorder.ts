import { summarise } from './input-summary.ts'
import type { Authorization, Call, Principal } from './service.ts'

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

export type CallFilter = {
  /** Only calls after this mark. */
  since?: number
  /** ARN of a principal, or name of a role. */
  principal?: string
  /** `ecs:UpdateService`, or a service `ecs`. */
  call?: string
}

/** An open entry; the one who made it closes it. */
export type OpenCall = {
  authorizations(list: Authorization[]): void
  end(outcome: string): void
}

export type Recorder = {
  open(call: Call, input: unknown, via: RecordedCall['via']): OpenCall
  /** The number of the latest call: pass it as `since` to see only what comes after. */
  mark(): number
  calls(filter?: CallFilter): RecordedCall[]
  /** How often each `service:Operation` was called. */
  count(filter?: CallFilter): Record<string, number>
}

const wanted = (recorded: RecordedCall, { since = 0, principal, call }: CallFilter): boolean =>
  recorded.sequence > since &&
  (principal === undefined || recorded.principal === principal || recorded.role === principal) &&
  (call === undefined || recorded.service === call || `${recorded.service}:${recorded.operation}` === call)

const nameOf = (principal: Principal) =>
  principal.role === undefined ? { principal: principal.arn } : { principal: principal.arn, role: principal.role }

export const createRecorder = (now: () => Date): Recorder => {
  const recorded: RecordedCall[] = []
  const calls = (filter: CallFilter = {}) => recorded.filter((call) => wanted(call, filter))
  return {
    open: ({ service, operation, principal, region }, input, via) => {
      const entry: RecordedCall = {
        sequence: recorded.length + 1,
        time: now().getTime(),
        service,
        operation,
        account: principal.account,
        region,
        ...nameOf(principal),
        authorizations: [],
        input: summarise(input),
        outcome: 'pending',
        via,
      }
      recorded.push(entry)
      const started = performance.now()
      return {
        authorizations: (list) => {
          entry.authorizations = list
        },
        end: (outcome) => {
          entry.outcome = outcome
          entry.milliseconds = Math.round(performance.now() - started)
        },
      }
    },
    mark: () => recorded.length,
    calls,
    count: (filter) => {
      const counts: Record<string, number> = {}
      for (const { service, operation } of calls(filter)) {
        const name = `${service}:${operation}`
        counts[name] = (counts[name] ?? 0) + 1
      }
      return counts
    },
  }
}
