import type { ChangeSetType, CloudFormation, ResourceChange, Stack } from '@aws-sdk/client-cloudformation'
import { call, isNamed } from '../../lib/aws/errors.ts'
import { Refusal } from '../../lib/refusal.ts'
import type { SynthesisedStack } from './synthesis.ts'

/** What a stack is like before it is deployed. */
export type Standing =
  | { kind: 'absent' }
  /** It was begun and never stood: CloudFormation can only delete it. */
  | { kind: 'unfinished'; status: string }
  | { kind: 'there'; isProtected: boolean }

/** How a person reads it: `+` made, `~` changed, `-` removed, `!` replaced, `<` taken over as it is. */
export type Line = { sign: '+' | '~' | '-' | '!' | '<'; type: string; id: string; details: string }

export type Prepared = { id: string; stackId: string; lines: Line[] }

export const standingOf = async (client: CloudFormation, name: string): Promise<Standing> => {
  const stack = await describe(client, name)
  const { StackStatus: status = '', EnableTerminationProtection: isProtected = false } = stack ?? {}
  if (stack === undefined || status === 'REVIEW_IN_PROGRESS') return { kind: 'absent' }
  if (['ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'CREATE_FAILED', 'DELETE_FAILED'].includes(status)) {
    return { kind: 'unfinished', status }
  }
  if (status.endsWith('_IN_PROGRESS')) {
    throw new Refusal(`the stack ${name} is being changed by somebody else (${status}); run this again when that has ended`)
  }
  if (status === 'UPDATE_ROLLBACK_FAILED') {
    const mend = `aws cloudformation continue-update-rollback --stack-name ${name}`
    throw new Refusal(`the stack ${name} is in ${status}, from which CloudFormation does not go on by itself: ${mend}`)
  }
  return { kind: 'there', isProtected }
}

export const describe = async (client: CloudFormation, name: string): Promise<Stack | undefined> => {
  try {
    const { Stacks = [] } = await call('cloudformation:DescribeStacks', () => client.describeStacks({ StackName: name }))
    return Stacks[0]?.StackStatus === 'DELETE_COMPLETE' ? undefined : Stacks[0]
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** Whether CloudFormation says that there is no such stack; it has no error of its own for that. */
export const isMissing = (error: unknown): boolean => isNamed(error, 'ValidationError') && /does not exist/.test(String(error))

/** Makes a change set and waits for it. Resolves to nothing where the stack is as it should be; the change set is gone then. */
export const prepare = async (
  client: CloudFormation,
  stack: SynthesisedStack,
  type: ChangeSetType,
  poll: number,
): Promise<Prepared | undefined> => {
  const created = await call('cloudformation:CreateChangeSet', () =>
    client.createChangeSet({
      StackName: stack.name,
      ChangeSetName: `account-${Date.now()}`,
      ChangeSetType: type,
      TemplateBody: stack.template,
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      Tags: Object.entries(stack.tags).map(([Key, Value]) => ({ Key, Value })),
      // What an earlier stack has left behind on purpose, such as a repository with images, comes back into this one.
      ImportExistingResources: type === 'CREATE',
    }),
  )
  const ChangeSetName = created.Id ?? ''
  for (;;) {
    const set = await call('cloudformation:DescribeChangeSet', () => client.describeChangeSet({ ChangeSetName }))
    if (set.Status === 'FAILED') {
      await discard(client, { id: ChangeSetName })
      if (/didn't contain changes|No updates are to be performed/i.test(set.StatusReason ?? '')) return undefined
      throw new Error(`the change set of ${stack.name} failed: ${set.StatusReason}`)
    }
    if (set.Status === 'CREATE_COMPLETE') {
      const lines = (set.Changes ?? []).map(({ ResourceChange }) => lineOf(ResourceChange ?? {}))
      if (lines.length > 0) return { id: ChangeSetName, stackId: set.StackId ?? stack.name, lines }
      await discard(client, { id: ChangeSetName })
      return undefined
    }
    await new Promise((resolve) => setTimeout(resolve, poll))
  }
}

export const discard = async (client: CloudFormation, { id }: Pick<Prepared, 'id'>): Promise<void> => {
  await call('cloudformation:DeleteChangeSet', () => client.deleteChangeSet({ ChangeSetName: id }))
}

const lineOf = (change: ResourceChange): Line => {
  const { Action, Replacement, ResourceType: type = '', LogicalResourceId: id = '', Details = [] } = change
  const properties = new Set(Details.map(({ Target }) => Target?.Name ?? Target?.Attribute ?? '').filter((name) => name !== ''))
  const details = [...properties].join(', ')
  if (Action === 'Modify' && Replacement !== 'False') return { sign: '!', type, id, details }
  return { sign: SIGNS[Action ?? ''] ?? '~', type, id, details }
}

const SIGNS: Record<string, Line['sign']> = { Add: '+', Modify: '~', Remove: '-', Import: '<' }

/** What a stack that is not there yet will have, without asking CloudFormation. */
export const allOf = ({ resources }: SynthesisedStack): Line[] =>
  Object.entries(resources).map(([id, { Type }]) => ({ sign: '+', type: Type, id, details: '' }))
