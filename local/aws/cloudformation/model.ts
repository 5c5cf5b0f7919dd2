import type * as sdk from '@aws-sdk/client-cloudformation'
import type { Time } from '../../time.ts'
import { AwsError, type Principal } from '../service.ts'
import type { Provisioners } from './provisioner.ts'

export type Properties = Record<string, unknown>

export type TemplateResource = {
  Type: string
  Properties?: Properties
  DependsOn?: string | string[]
  Condition?: string
  DeletionPolicy?: string
  UpdateReplacePolicy?: string
}

export type Template = {
  Description?: string
  Parameters?: Record<string, { Type: string; Default?: string | number; AllowedValues?: (string | number)[] }>
  Conditions?: Record<string, unknown>
  Resources: Record<string, TemplateResource>
  Outputs?: Record<string, { Value: unknown; Description?: string; Condition?: string }>
}

export type Place = { account: string; region: string }

/** A resource as it was made last: what `Ref` and `Fn::GetAtt` give, and with which properties. */
export type Made = {
  type: string
  physicalId: string
  attributes: Record<string, string>
  properties: Properties
  /** Its `DeletionPolicy`: what becomes of it when its template or the stack has it no more. */
  policy: string
  status: string
  at: Date
}

/** What CloudFormation goes by, and goes back to: the template and the parameters with the values that they had then. */
export type Desired = {
  body: string
  template: Template
  parameters: sdk.Parameter[]
  tags: sdk.Tag[]
}

export type ChangeSet = {
  id: string
  name: string
  type: 'CREATE' | 'UPDATE'
  token: string | undefined
  status: sdk.ChangeSetStatus
  reason: string | undefined
  execution: sdk.ExecutionStatus
  desired: Desired
  changes: sdk.Change[]
  capabilities: string[]
  role: string | undefined
  description: string | undefined
  createdAt: Date
  /** Token of the request that executes it. */
  executedBy: string | undefined
}

export type Stack = {
  id: string
  name: string
  place: Place
  status: sdk.StackStatus
  reason: string | undefined
  desired: Desired | undefined
  role: string | undefined
  capabilities: string[]
  terminationProtection: boolean
  resources: Map<string, Made>
  outputs: sdk.Output[]
  /** Oldest first. */
  events: sdk.StackEvent[]
  changeSets: Map<string, ChangeSet>
  createdAt: Date
  updatedAt: Date | undefined
  deletedAt: Date | undefined
  /** Aborted when an update is cancelled. */
  running: AbortController | undefined
}

/** What befalls a resource of a stack, as data. */
export type ScriptedFailure = {
  stack: string
  logicalId: string
  /** `hang`: its change never ends; `fail-on-rollback` fails when it is taken back as well. */
  then: 'fail' | 'hang' | 'fail-on-rollback'
  reason?: string
}

/** Nominal milliseconds. */
export type Pace = {
  /** Until a change set has been computed. */
  changeSet: number
  /** For a resource that is only data. */
  resource: number
  /** Between two looks at a resource of another service. */
  poll: number
}

/** Calls an operation of another service as that caller. Throws its error. */
export type Invoke = (caller: Principal, region: string, service: string, operation: string, input: object) => Promise<unknown>

export type Engine = {
  time: Time
  pace: Pace
  invoke: Invoke
  provisioners: Provisioners
  /** Who works for CloudFormation when it was handed that role; throws where the role does not trust it. */
  assume(role: string): Principal
  failure(stack: Stack, logicalId: string): ScriptedFailure | undefined
  stacks(place: Place): Map<string, Stack>
}

export const validation = (message: string): AwsError => new AwsError('ValidationError', message)

export const inProgress = ({ status }: Stack): boolean => status.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS'

/** By name, where the stack still is, or by id. */
export const findStack = (engine: Engine, place: Place, name = ''): Stack | undefined =>
  [...engine.stacks(place).values()].find((stack) => stack.id === name || (stack.name === name && stack.deletedAt === undefined))

export const requireStack = (engine: Engine, place: Place, name = ''): Stack => {
  const found = findStack(engine, place, name)
  if (found === undefined) throw validation(`Stack with id ${name} does not exist`)
  return found
}

/** By ARN, or by name in a stack. */
export const requireChangeSet = (engine: Engine, place: Place, name = '', stackName?: string): [Stack, ChangeSet] => {
  const stacks = stackName === undefined ? [...engine.stacks(place).values()] : [requireStack(engine, place, stackName)]
  for (const stack of stacks) {
    const found = [...stack.changeSets.values()].find((set) => set.id === name || set.name === name)
    if (found !== undefined) return [stack, found]
  }
  throw new AwsError('ChangeSetNotFound', `ChangeSet [${name}] does not exist`, 404)
}

/** One line in the stack's history; the latest of a resource is its state. */
export const tell = (
  engine: Engine,
  stack: Stack,
  status: string,
  about: { logicalId: string; type: string; physicalId?: string | undefined; properties?: Properties | undefined },
  token: string | undefined,
  reason?: string,
): void => {
  const at = engine.time.now()
  const { logicalId, type, physicalId = '', properties } = about
  stack.events.push({
    StackId: stack.id,
    EventId: `${logicalId}-${status}-${at.toISOString()}-${stack.events.length}`,
    StackName: stack.name,
    LogicalResourceId: logicalId,
    PhysicalResourceId: physicalId,
    ResourceType: type,
    Timestamp: at,
    ResourceStatus: status as sdk.ResourceStatus,
    ResourceStatusReason: reason,
    ResourceProperties: properties && JSON.stringify(properties),
    ClientRequestToken: token,
  })
}

export const turn = (engine: Engine, stack: Stack, status: sdk.StackStatus, token: string | undefined, reason?: string): void => {
  stack.status = status
  stack.reason = reason
  tell(engine, stack, status, { logicalId: stack.name, type: 'AWS::CloudFormation::Stack', physicalId: stack.id }, token, reason)
}
