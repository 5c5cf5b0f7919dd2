import type { CommandInvocationStatus, CommandStatus, SendCommandRequest } from '@aws-sdk/client-ssm'
import type { ParameterValues } from './document-parameters.ts'
import type { DocumentVersion } from './documents.ts'

export type Invocation = {
  instanceId: string
  status: CommandInvocationStatus
  /** In the form in which AWS answers, `DeliveryTimedOut`; its API reference writes it in words. */
  details: string
  /** -1 until the script has ended. */
  code: number
  stdout: string
  stderr: string
  startedAt?: Date
  endedAt?: Date
  /** Aborted to have the agent kill the script. */
  cancelling: AbortController
  /** Aborted when nobody waits for the agent any more: the command has expired. */
  given: AbortController
}

export type Command = {
  id: string
  account: string
  region: string
  document: DocumentVersion
  values: ParameterValues
  request: SendCommandRequest
  requestedAt: Date
  expiresAt: Date
  invocations: Invocation[]
  /** Whether CancelCommand asked for its end. */
  cancelled: boolean
}

const unfinished: string[] = ['Pending', 'InProgress', 'Delayed', 'Cancelling']

export const isFinal = ({ status }: { status: string }): boolean => !unfinished.includes(status)

/** `5` or `10%` of the targets, rounded up for the concurrency, down for the errors. */
export const share = (given: string, targets: number, round: (value: number) => number): number =>
  given.endsWith('%') ? round((Number.parseInt(given, 10) * targets) / 100) : Number(given)

/** Failures that count against MaxErrors: what was not delivered does not. */
export const isError = ({ details }: Invocation): boolean => details === 'Failed' || details === 'ExecutionTimedOut'

export const errorsAllowed = ({ request, invocations }: Command): number =>
  share(request.MaxErrors ?? '0', invocations.length, Math.floor)

type ParentStatus = { status: CommandStatus; details: string }

/**
 * Status of the whole command. Undeliverable invocations have no part in it unless there is nothing else, and with MaxErrors above 0
 * failed ones may end in `Incomplete`: https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html
 */
export const parentStatus = (command: Command): ParentStatus => {
  const { invocations, cancelled } = command
  if (invocations.length === 0) return { status: 'Success', details: 'NoInstancesInTag' }
  if (!invocations.every(isFinal)) {
    if (cancelled) return { status: 'Cancelling', details: 'Cancelling' }
    const untouched = invocations.every(({ status }) => status === 'Pending')
    return untouched ? { status: 'Pending', details: 'Pending' } : { status: 'InProgress', details: 'InProgress' }
  }
  if (cancelled) return { status: 'Cancelled', details: 'Cancelled' }
  const counted = invocations.filter(({ details }) => details !== 'Undeliverable')
  const having = (details: string) => counted.filter((each) => each.details === details).length
  const allowed = errorsAllowed(command)
  if (counted.length === 0) return { status: 'Failed', details: 'Undeliverable' }
  if (having('Failed') > allowed) return { status: 'Failed', details: 'Failed' }
  if (counted.filter(isError).length > allowed) return { status: 'TimedOut', details: 'ExecutionTimedOut' }
  if (having('DeliveryTimedOut') > allowed) return { status: 'TimedOut', details: 'DeliveryTimedOut' }
  if (having('Success') === counted.length) return { status: 'Success', details: 'Success' }
  return { status: 'Failed', details: 'Incomplete' }
}
