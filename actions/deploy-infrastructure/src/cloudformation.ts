import type { Parameter, StackEvent as SdkEvent, Stack, StackStatus } from '@aws-sdk/client-cloudformation'
import { isMissingStack, saysNothingToChange } from '../../../lib/aws/cloudformation.ts'
import { call, isNamed } from '../../../lib/aws/errors.ts'
import type { Session } from '../../../lib/aws/session.ts'
import { changeOf } from './cloudformation-change.ts'
import type { ChangeSet, StackEvent, Stacks } from './ports.ts'
import type { StandingStack } from './stack.ts'

/** Every status but DELETE_COMPLETE, in which AWS keeps a stack for ninety days. */
const LIVE: StackStatus[] = [
  ...(['CREATE_COMPLETE', 'CREATE_FAILED', 'CREATE_IN_PROGRESS', 'DELETE_FAILED', 'DELETE_IN_PROGRESS'] as const),
  ...(['IMPORT_COMPLETE', 'IMPORT_IN_PROGRESS', 'IMPORT_ROLLBACK_COMPLETE', 'IMPORT_ROLLBACK_FAILED'] as const),
  ...(['IMPORT_ROLLBACK_IN_PROGRESS', 'REVIEW_IN_PROGRESS', 'ROLLBACK_COMPLETE', 'ROLLBACK_FAILED'] as const),
  ...(['ROLLBACK_IN_PROGRESS', 'UPDATE_COMPLETE', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_FAILED'] as const),
  ...(['UPDATE_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS'] as const),
  ...(['UPDATE_ROLLBACK_FAILED', 'UPDATE_ROLLBACK_IN_PROGRESS'] as const),
]

/** The SDK's client is loaded here, by whoever awaits this. Every call may be repeated: each has a token, or is harmless twice. */
export const cloudFormation = async (session: Session, region: string): Promise<Stacks> => {
  const sdk = await import('@aws-sdk/client-cloudformation')
  const client = session.client(sdk.CloudFormationClient, region)
  return {
    list: (prefix) =>
      call('cloudformation:ListStacks', async () => {
        const names: string[] = []
        for await (const { StackSummaries = [] } of sdk.paginateListStacks({ client }, { StackStatusFilter: LIVE }))
          names.push(...StackSummaries.map(({ StackName = '' }) => StackName).filter((name) => name.startsWith(prefix)))
        return names
      }),
    describe: async (StackName) => {
      const send = () => client.send(new sdk.DescribeStacksCommand({ StackName }))
      const { Stacks: [stack] = [] } = await call('cloudformation:DescribeStacks', send).catch((error) => {
        if (isMissingStack(error)) return { Stacks: [] }
        throw error
      })
      return stack && standing(stack)
    },
    template: async (StackName) => {
      const send = () => client.send(new sdk.GetTemplateCommand({ StackName, TemplateStage: 'Original' }))
      return (await call('cloudformation:GetTemplate', send)).TemplateBody ?? ''
    },
    createChangeSet: async ({ stack, kind, name, body, parameters, role, tags }) => {
      const command = new sdk.CreateChangeSetCommand({
        StackName: stack,
        ChangeSetName: name,
        ClientToken: name,
        ChangeSetType: kind,
        ...(body === undefined ? { UsePreviousTemplate: true } : { TemplateBody: body }),
        Parameters: Object.entries(parameters).map(([ParameterKey, value]) =>
          typeof value === 'string' ? { ParameterKey, ParameterValue: value } : { ParameterKey, UsePreviousValue: true },
        ),
        Capabilities: ['CAPABILITY_NAMED_IAM'],
        RoleARN: role,
        IncludeNestedStacks: false,
        ...(tags && { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }),
      })
      try {
        const { Id = '' } = await call('cloudformation:CreateChangeSet', () => client.send(command))
        return { arn: Id, existed: false }
      } catch (error) {
        if (!isNamed(error, 'AlreadyExistsException')) throw error
        const find = new sdk.DescribeChangeSetCommand({ StackName: stack, ChangeSetName: name })
        const { ChangeSetId = '' } = await call('cloudformation:DescribeChangeSet', () => client.send(find))
        return { arn: ChangeSetId, existed: true }
      }
    },
    describeChangeSet: (arn) =>
      call('cloudformation:DescribeChangeSet', async () => {
        let found: ChangeSet | undefined
        for await (const page of sdk.paginateDescribeChangeSet({ client }, { ChangeSetName: arn })) {
          const { StackId = '', ChangeSetName = '', Status, StatusReason = '', Parameters = [], Changes = [] } = page
          const changes = Changes.flatMap(({ ResourceChange }) => (ResourceChange ? [changeOf(ResourceChange)] : []))
          found = {
            arn,
            stackId: StackId,
            name: ChangeSetName,
            state: stateOf(Status, StatusReason),
            reason: StatusReason,
            parameters: parametersOf(Parameters),
            changes: [...(found?.changes ?? []), ...changes],
          }
        }
        if (found === undefined) throw new Error(`the change set ${arn} cannot be read`)
        return found
      }),
    deleteChangeSet: async (ChangeSetName) => {
      const send = () => client.send(new sdk.DeleteChangeSetCommand({ ChangeSetName }))
      await call('cloudformation:DeleteChangeSet', send).catch((error) => {
        if (!isNamed(error, 'ChangeSetNotFoundException', 'ChangeSetNotFound')) throw error
      })
    },
    executeChangeSet: async (ChangeSetName, ClientRequestToken) => {
      const command = new sdk.ExecuteChangeSetCommand({ ChangeSetName, ClientRequestToken })
      await call('cloudformation:ExecuteChangeSet', () => client.send(command))
    },
    events: (StackName, enough) =>
      call('cloudformation:DescribeStackEvents', async () => {
        const events: StackEvent[] = []
        for await (const { StackEvents = [] } of sdk.paginateDescribeStackEvents({ client }, { StackName }))
          for (const event of StackEvents) {
            const found = eventOf(event)
            if (enough(found)) return events
            events.push(found)
          }
        return events
      }),
    cancelUpdate: async (StackName, ClientRequestToken) => {
      const command = new sdk.CancelUpdateStackCommand({ StackName, ClientRequestToken })
      try {
        await call('cloudformation:CancelUpdateStack', () => client.send(command))
        return true
      } catch (error) {
        if (isNamed(error, 'ValidationError')) return false
        throw error
      }
    },
    remains: async (StackName) => {
      const send = () => client.send(new sdk.DescribeStackResourcesCommand({ StackName }))
      const { StackResources = [] } = await call('cloudformation:DescribeStackResources', send)
      return StackResources.filter(({ ResourceStatus = '' }) => ResourceStatus !== 'DELETE_COMPLETE').map(
        ({ LogicalResourceId = '', ResourceType = '' }) => ({ id: LogicalResourceId, type: ResourceType }),
      )
    },
    remove: async (StackName, RoleARN, ClientRequestToken) => {
      const command = new sdk.DeleteStackCommand({ StackName, RoleARN, ClientRequestToken })
      await call('cloudformation:DeleteStack', () => client.send(command))
    },
    protect: async (StackName, EnableTerminationProtection) => {
      const command = new sdk.UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection })
      await call('cloudformation:UpdateTerminationProtection', () => client.send(command))
    },
  }
}

const stateOf = (status: string | undefined, reason: string): ChangeSet['state'] => {
  if (status === 'CREATE_COMPLETE') return 'ready'
  if (status === 'FAILED') return saysNothingToChange(reason) ? 'empty' : 'failed'
  return status === 'CREATE_PENDING' || status === 'CREATE_IN_PROGRESS' ? 'pending' : 'failed'
}

const parametersOf = (parameters: readonly Parameter[]): StandingStack['parameters'] =>
  Object.fromEntries(
    parameters.map(({ ParameterKey = '', ParameterValue: value = '', ResolvedValue: resolved }) => [
      ParameterKey,
      { value, ...(resolved !== undefined && { resolved }) },
    ]),
  )

const standing = (stack: Stack): StandingStack => ({
  id: stack.StackId ?? '',
  name: stack.StackName ?? '',
  status: stack.StackStatus ?? '',
  reason: stack.StackStatusReason ?? '',
  protected: stack.EnableTerminationProtection ?? false,
  role: stack.RoleARN,
  tags: Object.fromEntries((stack.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
  parameters: parametersOf(stack.Parameters ?? []),
})

const eventOf = (event: SdkEvent): StackEvent => ({
  id: event.EventId ?? '',
  resource: event.LogicalResourceId ?? '',
  type: event.ResourceType ?? '',
  physicalId: event.PhysicalResourceId ?? '',
  status: event.ResourceStatus ?? '',
  reason: event.ResourceStatusReason ?? '',
  token: event.ClientRequestToken ?? '',
})
