import { CloudFormation } from '@aws-sdk/client-cloudformation'
import { SSM } from '@aws-sdk/client-ssm'
import { removeStack } from '../../scripts/account/deploy.ts'
import type { SynthesisedStack } from '../../scripts/account/synthesis.ts'
import { rootKeys } from '../identity/ministack.ts'

type Resource = {
  Type: string
  DependsOn?: string | string[]
  Properties?: object
  DeletionPolicy?: string
  UpdateReplacePolicy?: string
}

type Template = {
  Parameters?: Record<string, { Type: string; Default?: string }>
  Resources: Record<string, Resource>
  Outputs?: Record<string, object>
}

/** What became of a type: made, or why not. `without` is the type that a resource needs and that is not there. */
export type Tried = Map<string, { made: number; unknown: number; refused: Set<string>; without: Set<string> }>

export const nothingTried = (): Tried => new Map()

const rowOf = (tried: Tried, type: string) => {
  const row = tried.get(type) ?? { made: 0, unknown: 0, refused: new Set<string>(), without: new Set<string>() }
  tried.set(type, row)
  return row
}

/** Templates as somebody deploys them by hand to MiniStack, each without what MiniStack cannot make. */
export const miniStackTemplates = (endpoint: string, tried: Tried) => {
  const at = ({ account, region }: SynthesisedStack) => ({ region, endpoint, credentials: rootKeys(account) })
  const deploy = async (stack: SynthesisedStack): Promise<void> => {
    const client = new CloudFormation(at(stack))
    const template: Template = JSON.parse(stack.template)
    await provideParameters(new SSM(at(stack)), template)
    for (;;) {
      if (Object.keys(template.Resources).length === 0) return
      const failure = await attempt(client, stack, withoutRetention(template))
      if (failure === undefined) break
      for (const [id, { Type }] of Object.entries(template.Resources)) {
        if (!failure.isOf(id, Type)) continue
        if (failure.reason === '') rowOf(tried, Type).unknown += 1
        else rowOf(tried, Type).refused.add(failure.reason)
        remove(template, id, (dependent) => rowOf(tried, dependent).without.add(Type))
      }
    }
    await removeStack(client, stack.name, { isApplied: true, print: () => undefined, poll: 50 })
    const whole = await attempt(client, stack, template)
    if (whole !== undefined) throw new Error(`${stack.name} was made without retention and not with it: ${whole.reason}`)
    for (const { Type } of Object.values(template.Resources)) rowOf(tried, Type).made += 1
  }
  return { deploy, client: (stack: SynthesisedStack) => new CloudFormation(at(stack)) }
}

/** Of attempts that fail nothing is to stay, or its names are taken in the next one. */
const withoutRetention = ({ Resources, ...template }: Template): Template => ({
  ...template,
  Resources: Object.fromEntries(
    Object.entries(Resources).map(([id, { DeletionPolicy: _, UpdateReplacePolicy: __, ...resource }]) => [id, resource]),
  ),
})

type Failure = { isOf(id: string, type: string): boolean; reason: string }

/** By a change set, as both the administrator's command and the pipeline do it. */
const attempt = async (client: CloudFormation, stack: SynthesisedStack, template: Template): Promise<Failure | undefined> => {
  const StackName = stack.name
  try {
    const { Id } = await client.createChangeSet({
      StackName,
      ChangeSetName: 'try',
      ChangeSetType: 'CREATE',
      TemplateBody: JSON.stringify(template),
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      Tags: Object.entries(stack.tags).map(([Key, Value]) => ({ Key, Value })),
    })
    await settled(async () => (await client.describeChangeSet({ StackName, ChangeSetName: 'try' })).Status)
    await client.executeChangeSet({ StackName, ChangeSetName: Id ?? 'try' })
  } catch (error) {
    const [, list] = /Unrecognized resource types: \[([^\]]+)\]/.exec(String(error)) ?? []
    if (list === undefined) throw error
    const types = list.split(',').map((type) => type.trim())
    return { isOf: (_, type) => types.includes(type), reason: '' }
  }
  const status = await settled(async () => (await client.describeStacks({ StackName })).Stacks?.[0]?.StackStatus)
  if (status === 'CREATE_COMPLETE') return undefined
  const { StackEvents = [] } = await client.describeStackEvents({ StackName })
  const failed = StackEvents.toReversed().find(
    ({ ResourceStatus, ResourceType }) => ResourceStatus === 'CREATE_FAILED' && ResourceType !== 'AWS::CloudFormation::Stack',
  )
  if (failed === undefined) throw new Error(`${StackName} ended as ${status} and names no resource`)
  await client.deleteStack({ StackName })
  await settled(async () => (await client.describeStacks({ StackName }).catch(() => undefined))?.Stacks?.[0]?.StackStatus)
  return { isOf: (id) => id === failed.LogicalResourceId, reason: failed.ResourceStatusReason ?? 'no reason' }
}

const settled = async (ask: () => Promise<string | undefined>): Promise<string | undefined> => {
  for (;;) {
    const status = await ask()
    if (status === undefined || !/_(IN_PROGRESS|PENDING)$/.test(status)) return status
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Takes a resource out, and with it what refers to it. */
const remove = (template: Template, id: string, onDependent: (type: string) => void): void => {
  delete template.Resources[id]
  const refers = (value: unknown): boolean => JSON.stringify(value ?? '').match(referenceTo(id)) !== null
  for (const [name, output] of Object.entries(template.Outputs ?? {})) if (refers(output)) delete template.Outputs?.[name]
  for (const [other, resource] of Object.entries(template.Resources)) {
    if (template.Resources[other] === undefined) continue
    const { DependsOn = [], ...rest } = resource
    if (refers(rest)) {
      onDependent(resource.Type)
      remove(template, other, onDependent)
    } else if ([DependsOn].flat().includes(id)) resource.DependsOn = [DependsOn].flat().filter((name) => name !== id)
  }
}

const referenceTo = (id: string): RegExp => new RegExp(`"Ref":"${id}"|"Fn::GetAtt":\\["${id}"|\\$\\{${id}[.}]`)

/** What earlier stacks or a first delivery would have written, where it is not there. */
const provideParameters = async (ssm: SSM, { Parameters = {} }: Template): Promise<void> => {
  for (const { Type, Default: Name = '' } of Object.values(Parameters)) {
    if (!Type.startsWith('AWS::SSM::Parameter::Value')) continue
    if ((await ssm.getParameters({ Names: [Name] })).Parameters?.length) continue
    await ssm.putParameter({ Name, Value: standIn(Name), Type: Type.includes('List') ? 'StringList' : 'String' })
  }
}

const standIn = (name: string): string => {
  if (name.endsWith('/image')) return `111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/app@sha256:${'1'.repeat(64)}`
  return name.endsWith('s') ? 'stand-in-1,stand-in-2' : 'stand-in-1'
}
