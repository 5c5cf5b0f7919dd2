import type { SSM } from '@aws-sdk/client-ssm'
import type { Fleet } from '../ec2/fleet.ts'
import { page } from '../pages.ts'
import { AwsError, type Call, type InputOf, type Operation } from '../service.ts'
import { type Command, type Invocation, parentStatus } from './command.ts'
import { commandView, invocationView, listedView } from './command-views.ts'
import type { Commands } from './commands.ts'
import { parameterValues } from './document-parameters.ts'
import { type Documents, requireHash } from './documents.ts'
import { validation } from './parameter-store.ts'
import { authorizeSending, requireBounds, targetsOf } from './send-command.ts'

const reading = (operation: string) => () => [{ action: `ssm:${operation}`, resource: '*' }]

const requireId = (id: string | undefined): string => {
  if (/^[0-9a-f-]{36}$/i.test(id ?? '')) return id ?? ''
  throw validation(`Value '${id}' at 'commandId' failed to satisfy constraint: Member must have length equal to 36`)
}

const sizeOf = (asked: number | undefined): number => {
  if (asked === undefined) return 50
  if (asked >= 1 && asked <= 50) return asked
  throw validation(`Value '${asked}' at 'maxResults' failed to satisfy constraint: Member must be between 1 and 50`)
}

type Filter = { key: string | undefined; value: string | undefined }

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CommandFilter.html */
const matches = (
  { key, value = '' }: Filter,
  command: Command,
  { status, details }: Pick<Invocation, 'details'> & { status: string },
): boolean => {
  switch (key) {
    case 'InvokedAfter':
      return command.requestedAt >= new Date(value)
    case 'InvokedBefore':
      return command.requestedAt <= new Date(value)
    case 'DocumentName':
      return command.document.name === value
    case 'Status':
      return value === status || value === details
    case 'ExecutionStage':
      return (value === 'Executing') === /^(Pending|InProgress|Cancelling)$/.test(status)
    default:
      throw new AwsError('InvalidFilterKey', `The filter key ${key} is not valid.`)
  }
}

/** SendCommand and the calls that read or end what it started. */
export const runCommandOperations = (fleet: Fleet, documents: Documents, commands: Commands): Record<string, Operation> => {
  const found = (id: string | undefined, { principal, region }: Call): Command[] => {
    const all = commands.visible(principal.account, region)
    return id === undefined ? all : all.filter((command) => command.id === requireId(id))
  }

  const sendCommand: Operation<InputOf<SSM, 'SendCommand'>> = {
    authorize: (input, call) => authorizeSending(input, fleet, call),
    run: (input, call) => {
      requireBounds(input)
      const { principal, region } = call
      const at = { account: principal.account, region }
      const document = documents.get(at.account, region, input.DocumentName, input.DocumentVersion)
      requireHash(document, input.DocumentHash, input.DocumentHashType)
      const values = parameterValues(document.parsed, input.Parameters ?? {}, document.content)
      return { Command: commandView(commands.send({ ...at, document, values, request: input }, targetsOf(input, fleet, call))) }
    },
  }

  const getCommandInvocation: Operation<InputOf<SSM, 'GetCommandInvocation'>> = {
    authorize: reading('GetCommandInvocation'),
    run: ({ CommandId, InstanceId, PluginName }, call) => {
      const [command] = found(requireId(CommandId), call)
      const invocation = command?.invocations.find(({ instanceId }) => instanceId === InstanceId)
      if (command === undefined || invocation === undefined) throw new AwsError('InvocationDoesNotExist', '')
      if (PluginName !== undefined && !command.document.parsed.mainSteps.some(({ name }) => name === PluginName)) {
        throw new AwsError('InvalidPluginName', `The plugin name ${PluginName} is not valid.`)
      }
      return invocationView(command, invocation)
    },
  }

  const listCommandInvocations: Operation<InputOf<SSM, 'ListCommandInvocations'>> = {
    authorize: reading('ListCommandInvocations'),
    run: ({ CommandId, InstanceId, Filters = [], Details, MaxResults, NextToken }, call) => {
      const wanted = found(CommandId, call).flatMap((command) =>
        command.invocations
          .filter(({ instanceId }) => InstanceId === undefined || instanceId === InstanceId)
          .filter((invocation) => Filters.every(({ key, value }) => matches({ key, value }, command, invocation)))
          .map((invocation) => listedView(command, invocation, Details)),
      )
      const { items, nextToken } = page(wanted, sizeOf(MaxResults), NextToken)
      return { CommandInvocations: items, NextToken: nextToken }
    },
  }

  const listCommands: Operation<InputOf<SSM, 'ListCommands'>> = {
    authorize: reading('ListCommands'),
    run: ({ CommandId, InstanceId, Filters = [], MaxResults, NextToken }, call) => {
      const wanted = found(CommandId, call)
        .filter(({ invocations }) => InstanceId === undefined || invocations.some(({ instanceId }) => instanceId === InstanceId))
        .filter((command) => Filters.every(({ key, value }) => matches({ key, value }, command, parentStatus(command))))
      const { items, nextToken } = page(wanted.map(commandView), sizeOf(MaxResults), NextToken)
      return { Commands: items, NextToken: nextToken }
    },
  }

  const cancelCommand: Operation<InputOf<SSM, 'CancelCommand'>> = {
    authorize: reading('CancelCommand'),
    run: ({ CommandId, InstanceIds = [] }, { principal, region }) => {
      const command = commands.sent(principal.account, region).find(({ id }) => id === requireId(CommandId))
      if (command === undefined) throw new AwsError('InvalidCommandId', `The command ID ${CommandId} is not valid.`)
      const stranger = InstanceIds.find((id) => !command.invocations.some(({ instanceId }) => instanceId === id))
      if (stranger !== undefined) throw new AwsError('InvalidInstanceId', `The instance ID ${stranger} is not valid.`)
      commands.cancel(command, InstanceIds)
    },
  }

  return {
    SendCommand: sendCommand,
    GetCommandInvocation: getCommandInvocation,
    ListCommandInvocations: listCommandInvocations,
    ListCommands: listCommands,
    CancelCommand: cancelCommand,
  }
}
