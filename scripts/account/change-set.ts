import {
  type ChangeSetType,
  type CloudFormation,
  type DescribeChangeSetOutput,
  paginateDescribeChangeSet,
  type ResourceChange,
  type Stack,
} from '@aws-sdk/client-cloudformation'
import { isMissingStack, saysNothingToChange } from '../../lib/aws/cloudformation.ts'
import { call } from '../../lib/aws/errors.ts'
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

type ReadSet = Omit<DescribeChangeSetOutput, 'Changes'> & { changes: ResourceChange[] }

/** Milliseconds that CloudFormation gets to make a change set: it takes seconds, minutes for hundreds of resources. */
const LONGEST = 15 * 60_000

export const standingOf = async (
  client: CloudFormation,
  { name, region }: Pick<SynthesisedStack, 'name' | 'region'>,
): Promise<Standing> => {
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
    const mend = `aws cloudformation continue-update-rollback --stack-name ${name} --region ${region}`
    throw new Refusal(`the stack ${name} is in ${status}, from which CloudFormation does not go on by itself: ${mend}`)
  }
  return { kind: 'there', isProtected }
}

export const describe = async (client: CloudFormation, name: string): Promise<Stack | undefined> => {
  try {
    const { Stacks = [] } = await call('cloudformation:DescribeStacks', () => client.describeStacks({ StackName: name }))
    return Stacks[0]?.StackStatus === 'DELETE_COMPLETE' ? undefined : Stacks[0]
  } catch (error) {
    if (isMissingStack(error)) return undefined
    throw error
  }
}

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
  for (const deadline = Date.now() + LONGEST; ; ) {
    const set = await readSet(client, ChangeSetName)
    if (set.Status === 'FAILED') {
      await discard(client, { id: ChangeSetName })
      if (saysNothingToChange(set.StatusReason ?? '')) return undefined
      throw new Error(`the change set of ${stack.name} failed: ${set.StatusReason}`)
    }
    if (set.Status === 'CREATE_COMPLETE') {
      const lines = set.changes.map(lineOf)
      if (lines.length > 0) return { id: ChangeSetName, stackId: set.StackId ?? stack.name, lines }
      await discard(client, { id: ChangeSetName })
      return undefined
    }
    if (Date.now() > deadline)
      throw new Refusal(`CloudFormation has not made the change set of ${stack.name} in 15 minutes: run this again`)
    await new Promise((resolve) => setTimeout(resolve, poll))
  }
}

/** A page of AWS has a part of the changes only. */
const readSet = (client: CloudFormation, ChangeSetName: string): Promise<ReadSet> =>
  call('cloudformation:DescribeChangeSet', async () => {
    const set: ReadSet = { changes: [] }
    for await (const { Changes = [], ...rest } of paginateDescribeChangeSet({ client }, { ChangeSetName })) {
      Object.assign(set, rest)
      set.changes.push(...Changes.map(({ ResourceChange }) => ResourceChange ?? {}))
    }
    return set
  })

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
