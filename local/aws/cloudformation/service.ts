import type * as sdk from '@aws-sdk/client-cloudformation'
import type { Time } from '../../time.ts'
import { page } from '../pages.ts'
import { type Call, inEachRegion, type Operation, type Principal, type Service } from '../service.ts'
import { authorize, type Named } from './authorize.ts'
import {
  type CreateChangeSetInput,
  createChangeSet,
  deleteChangeSet,
  describeChangeSet,
  executeChangeSet,
} from './change-sets.ts'
import { ecsProvisioners } from './ecs.ts'
import { lambdaProvisioners } from './lambda.ts'
import {
  type Engine,
  findStack,
  type Invoke,
  inProgress,
  type Pace,
  requireStack,
  type ScriptedFailure,
  type Stack,
  validation,
} from './model.ts'
import { destroy } from './operate.ts'
import type { Provisioners } from './provisioner.ts'
import { unflatten } from './query.ts'
import { ssmProvisioners } from './ssm.ts'

type Dependencies = {
  time: Time
  invoke: Invoke
  assume(role: string): Principal
  /** How further types are made. */
  provisioners?: Provisioners
  pace?: Partial<Pace>
  /** Changes and events in one answer; 100 by default. */
  pageSize?: number
}

export type CloudFormationService = Service & {
  /** Replaces what befalls resources from now on. */
  script(failures: ScriptedFailure[]): void
  /** A stack as it stands, by name or id, also one that is deleted. */
  stack(account: string, region: string, name: string): Stack | undefined
}

const usualPace: Pace = { changeSet: 3_000, resource: 1_000, poll: 2_000 }

const view = (stack: Stack): sdk.Stack => ({
  StackId: stack.id,
  StackName: stack.name,
  Description: stack.desired?.template.Description,
  Parameters: stack.desired?.parameters ?? [],
  CreationTime: stack.createdAt,
  LastUpdatedTime: stack.updatedAt,
  DeletionTime: stack.deletedAt,
  StackStatus: stack.status,
  StackStatusReason: stack.reason,
  Capabilities: stack.capabilities as sdk.Capability[],
  Outputs: stack.outputs,
  RoleARN: stack.role,
  Tags: stack.desired?.tags ?? [],
  EnableTerminationProtection: stack.terminationProtection,
})

/** CloudFormation, as far as a pipeline of change sets asks it: templates of JSON, with the types of `provisioner.ts`. */
export const cloudFormationService = ({
  provisioners = {},
  pace,
  pageSize = 100,
  ...given
}: Dependencies): CloudFormationService => {
  const regions = inEachRegion(() => new Map<string, Stack>())
  let failures: ScriptedFailure[] = []
  const engine: Engine = {
    ...given,
    pace: { ...usualPace, ...pace },
    provisioners: { ...ecsProvisioners, ...lambdaProvisioners, ...ssmProvisioners, ...provisioners },
    failure: ({ name }, logicalId) => failures.find((each) => each.stack === name && each.logicalId === logicalId),
    stacks: ({ account, region }) => regions.find(account, region),
  }
  const on = <I extends Named>(
    name: string,
    run: (input: I, call: Call) => unknown,
  ): Record<string, Operation<Record<string, string>>> => ({
    [name]: {
      authorize: (input, call) => authorize(engine, name, unflatten(input), call),
      run: (input, call) => run(unflatten(input), call),
    },
  })
  const find = ({ StackName }: Named, { principal: { account }, region }: Call): Stack =>
    requireStack(engine, { account, region }, StackName)
  const all = ({ principal: { account }, region }: Call): Stack[] => [...engine.stacks({ account, region }).values()]

  return {
    name: 'cloudformation',
    operations: {
      ...on<CreateChangeSetInput>('CreateChangeSet', (input, call) => createChangeSet(engine, input, call)),
      ...on<Named & { ChangeSetName: string }>('DescribeChangeSet', (input, call) =>
        describeChangeSet(engine, input, call, pageSize),
      ),
      ...on<Named & { ChangeSetName: string }>('ExecuteChangeSet', (input, call) => executeChangeSet(engine, input, call)),
      ...on<Named & { ChangeSetName: string }>('DeleteChangeSet', (input, call) => deleteChangeSet(engine, input, call)),

      ...on('DescribeStacks', (input, call) => ({
        Stacks:
          input.StackName === undefined
            ? all(call)
                .filter(({ deletedAt }) => !deletedAt)
                .map(view)
            : [view(find(input, call))],
      })),
      ...on<Named & { StackStatusFilter?: string[] }>('ListStacks', ({ StackStatusFilter: wanted, NextToken }, call) => {
        const found = all(call).filter(({ status }) => wanted === undefined || wanted.includes(status))
        const { items, nextToken } = page(found, pageSize, NextToken)
        const StackSummaries = items.map(view).map(({ Parameters: _, Outputs: _outputs, Tags: _tags, ...summary }) => summary)
        return { StackSummaries, NextToken: nextToken }
      }),
      ...on('DescribeStackEvents', (input, call) => {
        const { items, nextToken } = page(find(input, call).events.toReversed(), pageSize, input.NextToken)
        return { StackEvents: items, NextToken: nextToken }
      }),
      ...on('DescribeStackResources', (input, call) => {
        const { id, name, resources } = find(input, call)
        const StackResources = [...resources].map(([LogicalResourceId, { physicalId, type, status, at }]) => ({
          StackName: name,
          StackId: id,
          LogicalResourceId,
          PhysicalResourceId: physicalId,
          ResourceType: type,
          Timestamp: at,
          ResourceStatus: status,
        }))
        return { StackResources }
      }),
      ...on('GetTemplate', (input, call) => {
        const { desired, changeSets } = find(input, call)
        const set = [...changeSets.values()].find(({ id, name }) => id === input.ChangeSetName || name === input.ChangeSetName)
        return {
          TemplateBody: (input.ChangeSetName === undefined ? desired : set?.desired)?.body ?? '',
          StagesAvailable: ['Original', 'Processed'],
        }
      }),

      ...on<Named & { EnableTerminationProtection?: string }>('UpdateTerminationProtection', (input, call) => {
        const stack = find(input, call)
        stack.terminationProtection = input.EnableTerminationProtection === 'true'
        return { StackId: stack.id }
      }),
      ...on('CancelUpdateStack', (input, call) => {
        const stack = find(input, call)
        if (stack.status !== 'UPDATE_IN_PROGRESS')
          throw validation('CancelUpdateStack cannot be called from current stack status')
        stack.running?.abort()
        return {}
      }),
      ...on('DeleteStack', (input, call) => {
        const { account } = call.principal
        const stack = findStack(engine, { account, region: call.region }, input.StackName)
        // A stack that is not there is as deleted as it can be.
        if (stack === undefined || stack.status === 'DELETE_COMPLETE' || stack.status === 'DELETE_IN_PROGRESS') return {}
        if (stack.terminationProtection)
          throw validation(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`)
        if (inProgress(stack)) throw validation(`Stack [${stack.id}] cannot be deleted while in status ${stack.status}`)
        const role = input.RoleARN ?? stack.role
        void destroy(engine, stack, role === undefined ? call.principal : engine.assume(role), input.ClientRequestToken)
        return {}
      }),
    },
    script: (given) => {
      failures = given
    },
    stack: (account, region, name) => findStack(engine, { account, region }, name),
  }
}
