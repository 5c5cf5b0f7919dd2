import { createHash, randomUUID } from 'node:crypto'
import type * as sdk from '@aws-sdk/client-cloudformation'
import { page } from '../pages.ts'
import { AwsError, type Call, type Principal } from '../service.ts'
import { changesOf } from './changes.ts'
import {
  type ChangeSet,
  type Engine,
  findStack,
  inProgress,
  type Place,
  requireChangeSet,
  requireStack,
  type Stack,
  turn,
  validation,
} from './model.ts'
import { execute } from './operate.ts'
import { resolveParameters } from './parameters.ts'
import { parseTemplate, requireCapabilities, stackFor } from './request.ts'

export type CreateChangeSetInput = {
  StackName: string
  ChangeSetName: string
  ChangeSetType?: 'CREATE' | 'UPDATE'
  ClientToken?: string
  TemplateBody?: string
  UsePreviousTemplate?: string
  Parameters?: { ParameterKey: string; ParameterValue?: string; UsePreviousValue?: string }[]
  Tags?: { Key: string; Value: string }[]
  Capabilities?: string[]
  RoleARN?: string
  Description?: string
}

const UNCHANGED = "The submitted information didn't contain changes. Submit different information to create a change set."

const placeOf = ({ principal: { account }, region }: Call): Place => ({ account, region })

/** Who works: the role of the request, else the one that the stack was given last, else the caller. */
const workerOf = (engine: Engine, role: string | undefined, { principal }: Call): Principal =>
  role === undefined ? principal : engine.assume(role)

export const createChangeSet = async (engine: Engine, input: CreateChangeSetInput, call: Call) => {
  const place = placeOf(call)
  const { ChangeSetName: name, ChangeSetType: type = 'UPDATE', ClientToken: token, Tags: tags, Capabilities = [] } = input
  const existing = findStack(engine, place, input.StackName)?.changeSets.get(name)
  if (existing !== undefined) {
    if (token !== undefined && existing.token === token)
      return { Id: existing.id, StackId: findStack(engine, place, input.StackName)?.id }
    throw new AwsError('AlreadyExistsException', `ChangeSet [${name}] already exists`)
  }
  const stack = stackFor(engine, place, input)
  const body = input.UsePreviousTemplate === 'true' ? stack.desired?.body : input.TemplateBody
  if (body === undefined) throw validation('Either Template URL or Template Body must be specified.')
  const template = parseTemplate(body)
  requireCapabilities(template, Capabilities)
  const role = input.RoleARN ?? stack.role
  const caller = workerOf(engine, role, call)
  const parameters = await resolveParameters(engine, place, caller, template, input.Parameters ?? [], stack.desired?.parameters)
  const desired = { body, template, parameters, tags: tags ?? stack.desired?.tags ?? [] }
  const changes = changesOf(engine, stack, desired)
  const set: ChangeSet = {
    id: `arn:aws:cloudformation:${place.region}:${place.account}:changeSet/${name}/${randomUUID()}`,
    name,
    type,
    token,
    status: 'CREATE_IN_PROGRESS',
    reason: undefined,
    execution: 'UNAVAILABLE',
    desired,
    changes,
    capabilities: Capabilities,
    role,
    description: input.Description,
    createdAt: engine.time.now(),
    executedBy: undefined,
  }
  const stacks = engine.stacks(place)
  if (!stacks.has(stack.id)) {
    stacks.set(stack.id, stack)
    turn(engine, stack, 'REVIEW_IN_PROGRESS', token, 'User Initiated')
  }
  stack.changeSets.set(name, set)
  const isSame = changes.length === 0 && sameText(desired, stack)
  engine.time.after(engine.pace.changeSet, () => {
    if (isSame) Object.assign(set, { status: 'FAILED', reason: UNCHANGED })
    else Object.assign(set, { status: 'CREATE_COMPLETE', execution: 'AVAILABLE' })
  })
  return { Id: set.id, StackId: stack.id }
}

/** Outputs and tags are changes of the stack without being changes of a resource. */
const sameText = ({ template, tags }: ChangeSet['desired'], { desired }: Stack): boolean => {
  const text = (of: unknown): string =>
    createHash('sha256')
      .update(JSON.stringify(of ?? null))
      .digest('hex')
  return text(template.Outputs) === text(desired?.template.Outputs) && text(tags) === text(desired?.tags)
}

export const describeChangeSet = (
  engine: Engine,
  { ChangeSetName, StackName, NextToken }: { ChangeSetName: string; StackName?: string; NextToken?: string },
  call: Call,
  size: number,
): sdk.DescribeChangeSetOutput => {
  const [stack, set] = requireChangeSet(engine, placeOf(call), ChangeSetName, StackName)
  const { items, nextToken } = page(set.changes, size, NextToken)
  return {
    ChangeSetName: set.name,
    ChangeSetId: set.id,
    StackId: stack.id,
    StackName: stack.name,
    Description: set.description,
    Parameters: set.desired.parameters,
    CreationTime: set.createdAt,
    ExecutionStatus: set.execution,
    Status: set.status,
    StatusReason: set.reason,
    Capabilities: set.capabilities as sdk.Capability[],
    Tags: set.desired.tags,
    Changes: set.status === 'CREATE_COMPLETE' ? items : [],
    NextToken: set.status === 'CREATE_COMPLETE' ? nextToken : undefined,
  }
}

/** Begins what the change set wants. All others of the stack are gone with it, since they were worked out against what was before. */
export const executeChangeSet = (
  engine: Engine,
  input: { ChangeSetName: string; StackName?: string; ClientRequestToken?: string },
  call: Call,
): object => {
  const [stack, set] = requireChangeSet(engine, placeOf(call), input.ChangeSetName, input.StackName)
  const { ClientRequestToken: token } = input
  if (token !== undefined && set.executedBy === token) return {}
  if (set.execution !== 'AVAILABLE' || inProgress(stack)) {
    const message = `ChangeSet [${set.id}] cannot be executed in its current execution status of [${set.execution}]`
    throw new AwsError('InvalidChangeSetStatus', message)
  }
  const caller = workerOf(engine, set.role, call)
  Object.assign(set, { execution: 'EXECUTE_IN_PROGRESS', executedBy: token ?? '' })
  Object.assign(stack, { role: set.role, capabilities: set.capabilities })
  for (const other of stack.changeSets.values()) if (other !== set) stack.changeSets.delete(other.name)
  void execute(engine, stack, set, caller, token)
  return {}
}

export const deleteChangeSet = (engine: Engine, input: { ChangeSetName: string; StackName?: string }, call: Call): object => {
  const place = placeOf(call)
  if (input.StackName !== undefined) requireStack(engine, place, input.StackName)
  let found: [Stack, ChangeSet]
  try {
    found = requireChangeSet(engine, place, input.ChangeSetName, input.StackName)
  } catch {
    // A change set that is gone is as deleted as one that is deleted now.
    return {}
  }
  const [stack, set] = found
  if (set.execution === 'EXECUTE_IN_PROGRESS')
    throw new AwsError(
      'InvalidChangeSetStatus',
      `ChangeSet [${set.id}] cannot be deleted in its current execution status of [${set.execution}]`,
    )
  stack.changeSets.delete(set.name)
  return {}
}
