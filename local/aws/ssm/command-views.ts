import { type Command, type Invocation, isFinal, parentStatus } from './command.ts'
import { combined, contents } from './output.ts'

const stepName = ({ document }: Command): string => document.parsed.mainSteps[0]?.name ?? ''

const what = ({ id, document, request, requestedAt }: Command) => ({
  CommandId: id,
  DocumentName: document.name,
  DocumentVersion: request.DocumentVersion ?? '$DEFAULT',
  Comment: request.Comment ?? '',
  RequestedDateTime: requestedAt,
})

/** A command as SendCommand and ListCommands give it. */
export const commandView = (command: Command) => {
  const { request, invocations, expiresAt } = command
  const { status, details } = parentStatus(command)
  const having = (...wanted: string[]) => invocations.filter((each) => wanted.includes(each.details)).length
  return {
    ...what(command),
    ExpiresAfter: expiresAt,
    Parameters: request.Parameters ?? {},
    InstanceIds: request.InstanceIds ?? [],
    Targets: request.Targets ?? [],
    Status: status,
    StatusDetails: details,
    MaxConcurrency: request.MaxConcurrency ?? '50',
    MaxErrors: request.MaxErrors ?? '0',
    TargetCount: invocations.length,
    CompletedCount: invocations.filter(isFinal).length,
    ErrorCount: having('Failed', 'ExecutionTimedOut'),
    DeliveryTimedOutCount: having('DeliveryTimedOut'),
    TimeoutSeconds: request.TimeoutSeconds ?? 3600,
  }
}

/** One of the members of `CommandInvocations`; the outputs share 2,500 bytes, and only `Details` shows them. */
export const listedView = (command: Command, invocation: Invocation, details: boolean | undefined) => ({
  ...what(command),
  InstanceId: invocation.instanceId,
  InstanceName: '',
  Status: invocation.status,
  StatusDetails: invocation.details,
  CommandPlugins: details
    ? [
        {
          Name: stepName(command),
          Status: invocation.status === 'Delayed' ? 'Pending' : invocation.status,
          StatusDetails: invocation.details,
          ResponseCode: invocation.code,
          ResponseStartDateTime: invocation.startedAt,
          ResponseFinishDateTime: invocation.endedAt,
          Output: isFinal(invocation) ? combined(invocation.stdout, invocation.stderr) : '',
        },
      ]
    : [],
})

/** What GetCommandInvocation gives: both outputs from their beginning, nothing of them before the end. */
export const invocationView = (command: Command, invocation: Invocation) => {
  const { RequestedDateTime: _, ...named } = what(command)
  const { startedAt, endedAt } = invocation
  const seconds = startedAt && endedAt ? (endedAt.getTime() - startedAt.getTime()) / 1000 : 0
  const printed = isFinal(invocation) ? invocation : { stdout: '', stderr: '' }
  return {
    ...named,
    InstanceId: invocation.instanceId,
    PluginName: stepName(command),
    ResponseCode: invocation.code,
    ExecutionStartDateTime: startedAt?.toISOString() ?? '',
    ExecutionElapsedTime: startedAt && endedAt ? `PT${seconds}S` : '',
    ExecutionEndDateTime: startedAt && endedAt ? endedAt.toISOString() : '',
    Status: invocation.status,
    StatusDetails: invocation.details,
    ...contents(printed.stdout, printed.stderr),
  }
}
