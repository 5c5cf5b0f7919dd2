import type { Change } from './change.ts'
import type { StandingStack } from './stack.ts'

export type ChangeSetRequest = {
  stack: string
  kind: 'CREATE' | 'UPDATE'
  /** Name, and token by which CloudFormation knows a repetition. */
  name: string
  /** The template; without it the one that is there. */
  body?: string
  /** By key; `previous` stands for the value that is there. Parameters that are not given have their default. */
  parameters: Record<string, string | { previous: true }>
  role: string
  /** Without them they stay as they are. */
  tags?: Record<string, string>
}

export type ChangeSet = {
  arn: string
  stackId: string
  name: string
  state: 'pending' | 'ready' | 'empty' | 'failed'
  /** CloudFormation's words, where it failed. */
  reason: string
  parameters: StandingStack['parameters']
  changes: readonly Change[]
}

export type StackEvent = {
  id: string
  /** Logical id of the resource; for the stack itself its name. */
  resource: string
  type: string
  physicalId: string
  status: string
  reason: string
  /** Token of the request that began the operation. */
  token: string
}

/** CloudFormation in one account and region. Every method is one request, or the pages of one. */
export interface Stacks {
  /** Names of the stacks that begin so and are not deleted. */
  list(prefix: string): Promise<string[]>
  /** By name, or by ARN, by which also a stack that is deleted is found. */
  describe(name: string): Promise<StandingStack | undefined>
  template(name: string): Promise<string>
  /** Resolves to its ARN. One of the same name that is there already stands for it. */
  createChangeSet(request: ChangeSetRequest): Promise<{ arn: string; existed: boolean }>
  describeChangeSet(arn: string): Promise<ChangeSet>
  /** One that is gone already is no error. */
  deleteChangeSet(arn: string): Promise<void>
  /** `token` makes it one operation, however often it is asked for. */
  executeChangeSet(arn: string, token: string): Promise<void>
  /** Newest first; pages are read until `enough` says so of an event. */
  events(stackId: string, enough: (event: StackEvent) => boolean): Promise<StackEvent[]>
  /** Resolves to false where CloudFormation is past the point at which it can. */
  cancelUpdate(stackId: string, token: string): Promise<boolean>
  /** What of the stack exists still: id and type. */
  remains(stackId: string): Promise<{ id: string; type: string }[]>
  remove(stackId: string, role: string, token: string): Promise<void>
  protect(name: string, on: boolean): Promise<void>
}
