import type { CloudFormation, StackEvent } from '@aws-sdk/client-cloudformation'
import { isMissingStack } from '../../lib/aws/cloudformation.ts'
import { call } from '../../lib/aws/errors.ts'
import { allOf, describe, discard, type Line, type Prepared, prepare, standingOf } from './change-set.ts'
import type { SynthesisedStack } from './synthesis.ts'

export type DeployOptions = {
  /** Whether anything is changed; otherwise it is only shown. */
  isApplied: boolean
  print(line: string): void
  /** Milliseconds between two questions. */
  poll: number
}

/** How a stack came out: `changed` was deployed, `planned` would be. */
export type Result = 'unchanged' | 'changed' | 'planned'

/**
 * Brings a stack to what its template says, and prints each change before it is made and each step of CloudFormation. May be run
 * again at any point. Rejects with the first cause where CloudFormation fails; what it had changed by then it has taken back.
 */
export const deployStack = async (client: CloudFormation, stack: SynthesisedStack, options: DeployOptions): Promise<Result> => {
  const { isApplied, print, poll } = options
  const standing = await standingOf(client, stack)
  if (standing.kind === 'unfinished') print(`${stack.name}: never finished (${standing.status}), made anew`)
  if (standing.kind !== 'there' && !isApplied) {
    show(print, stack, 'to be made', allOf(stack))
    return 'planned'
  }
  if (standing.kind === 'unfinished') await removeStack(client, stack.name, options)
  const prepared = await prepare(client, stack, standing.kind === 'there' ? 'UPDATE' : 'CREATE', poll)
  const isLoose = standing.kind === 'there' && stack.terminationProtection && !standing.isProtected
  if (prepared === undefined) {
    print(`${stack.name}: ${isLoose ? 'is to be protected from deletion' : 'is as it should be'}`)
    if (isLoose && isApplied) await protect(client, stack.name, true)
    return isLoose ? (isApplied ? 'changed' : 'planned') : 'unchanged'
  }
  show(print, stack, isApplied ? 'is being changed' : 'to be changed', prepared.lines)
  if (!isApplied) {
    await discard(client, prepared)
    return 'planned'
  }
  await execute(client, stack, prepared, options)
  if (stack.terminationProtection) await protect(client, stack.name, true)
  return 'changed'
}

const show = (print: DeployOptions['print'], { name, region }: SynthesisedStack, what: string, lines: Line[]): void => {
  print(`${name} (${region}): ${what}`)
  for (const { sign, type, id, details } of lines) print(`  ${sign} ${type} ${id}${details === '' ? '' : ` (${details})`}`)
}

const protect = async (client: CloudFormation, StackName: string, EnableTerminationProtection: boolean): Promise<void> => {
  const input = { StackName, EnableTerminationProtection }
  await call('cloudformation:UpdateTerminationProtection', () => client.updateTerminationProtection(input))
}

const execute = async (
  client: CloudFormation,
  { name }: SynthesisedStack,
  { id, stackId }: Prepared,
  options: DeployOptions,
): Promise<void> => {
  const seen = new Set((await eventsOf(client, stackId)).map(({ EventId }) => EventId))
  await call('cloudformation:ExecuteChangeSet', () => client.executeChangeSet({ ChangeSetName: id }))
  const { status, cause } = await follow(client, { name, stackId }, seen, options)
  if (/^(CREATE|UPDATE|IMPORT)_COMPLETE$/.test(status)) return
  throw new Error(`the stack ${name} ended as ${status}: ${cause ?? 'CloudFormation gives no reason'}`)
}

/** Deletes a stack, also one that is protected; what its template retains stays. Resolves once it is gone. */
export const removeStack = async (client: CloudFormation, name: string, options: DeployOptions): Promise<void> => {
  const stack = await describe(client, name)
  if (stack === undefined) return
  const stackId = stack.StackId ?? name
  const seen = new Set((await eventsOf(client, stackId)).map(({ EventId }) => EventId))
  if (stack.EnableTerminationProtection) await protect(client, name, false)
  await call('cloudformation:DeleteStack', () => client.deleteStack({ StackName: stackId }))
  const { status, cause } = await follow(client, { name, stackId }, seen, options)
  if (status !== 'DELETE_COMPLETE') throw new Error(`the stack ${name} could not be deleted: ${cause ?? status}`)
}

/** Prints what happens until the stack comes to rest. */
const follow = async (
  client: CloudFormation,
  { name, stackId }: { name: string; stackId: string },
  seen: Set<string | undefined>,
  { print, poll }: DeployOptions,
): Promise<{ status: string; cause?: string }> => {
  let cause: string | undefined
  for (;;) {
    // Asked before the events, so that none of them is missed when it has come to rest.
    const status = (await describe(client, stackId))?.StackStatus ?? 'DELETE_COMPLETE'
    for (const event of (await eventsOf(client, stackId)).toReversed()) {
      if (seen.has(event.EventId)) continue
      seen.add(event.EventId)
      cause ??= causeOf(event)
      if (event.ResourceStatus?.endsWith('_FAILED') || event.LogicalResourceId !== name) print(`    ${wordsOf(event)}`)
    }
    if (!status.endsWith('_IN_PROGRESS')) return { status, ...(cause !== undefined && { cause }) }
    await new Promise((resolve) => setTimeout(resolve, poll))
  }
}

/** The newest hundred, newest first. */
const eventsOf = async (client: CloudFormation, StackName: string): Promise<StackEvent[]> => {
  try {
    const answer = await call('cloudformation:DescribeStackEvents', () => client.describeStackEvents({ StackName }))
    return answer.StackEvents ?? []
  } catch (error) {
    if (isMissingStack(error)) return []
    throw error
  }
}

/** What failed first; what was cancelled because of it is no cause. */
const causeOf = ({
  ResourceStatus,
  ResourceStatusReason = '',
  ResourceType,
  LogicalResourceId,
}: StackEvent): string | undefined =>
  ResourceStatus?.endsWith('_FAILED') && !/cancelled/i.test(ResourceStatusReason)
    ? `${ResourceType} ${LogicalResourceId}: ${ResourceStatusReason}`
    : undefined

const wordsOf = ({ ResourceStatus, ResourceType, LogicalResourceId, ResourceStatusReason = '' }: StackEvent): string =>
  `${ResourceStatus} ${ResourceType} ${LogicalResourceId}${ResourceStatusReason === '' ? '' : `: ${ResourceStatusReason}`}`
