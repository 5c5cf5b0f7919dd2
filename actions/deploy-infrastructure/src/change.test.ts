import type { ResourceChange, ResourceChangeDetail } from '@aws-sdk/client-cloudformation'
import { expect, it } from 'vitest'
import { causedBy } from './change.ts'
import { changeOf } from './cloudformation-change.ts'

const detail = (Name: string, over: Partial<ResourceChangeDetail> = {}): ResourceChangeDetail => ({
  Target: { Attribute: 'Properties', Name },
  Evaluation: 'Static',
  ChangeSource: 'DirectModification',
  ...over,
})

const parameter = (name: string): Partial<ResourceChangeDetail> => ({ ChangeSource: 'ParameterReference', CausingEntity: name })
const unknown: Partial<ResourceChangeDetail> = { Evaluation: 'Dynamic' }

const modify = (...Details: ResourceChangeDetail[]): ResourceChange => ({
  LogicalResourceId: 'Task',
  ResourceType: 'AWS::ECS::TaskDefinition',
  Action: 'Modify',
  Replacement: 'True',
  Details,
})

it.each<[string, ResourceChange, string[]]>([
  ['the template', modify(detail('Cpu')), []],
  ['a parameter', modify(detail('ContainerDefinitions', parameter('OfImage'))), ['OfImage']],
  [
    'a parameter, which CloudFormation names twice',
    modify(detail('ContainerDefinitions', parameter('OfImage')), detail('ContainerDefinitions', unknown)),
    ['OfImage'],
  ],
  ['both', modify(detail('ContainerDefinitions', parameter('OfImage')), detail('ContainerDefinitions')), []],
  [
    'an attribute of another resource',
    modify(detail('Role', { CausingEntity: 'Role.Arn', ChangeSource: 'ResourceAttribute' })),
    ['Role'],
  ],
])('the cause of a change is %s', (_, change, causes) => {
  expect(changeOf(change).causes).toEqual(causes)
})

it('a change is normalised: its properties once and in order, other attributes by their names, what is kept', () => {
  const change = modify(detail('Memory'), detail('Cpu'), detail('Cpu'), { Target: { Attribute: 'Tags' } })
  expect(changeOf({ ...change, Replacement: 'Conditional', PolicyAction: 'Retain' })).toEqual({
    id: 'Task',
    type: 'AWS::ECS::TaskDefinition',
    action: 'Modify',
    replacement: 'may',
    properties: ['Cpu', 'Memory', 'Tags'],
    causes: [],
    policy: 'Retain',
  })
})

it('what follows a parameter is followed, as far as nothing else has a part in it', () => {
  const change = (id: string, ...causes: string[]) => ({
    id,
    type: 't',
    action: 'Modify',
    replacement: 'no' as const,
    properties: [],
    causes,
  })
  const changes = [change('Alarm', 'Service', 'OfVpc'), change('Service', 'Task'), change('Task', 'OfImage'), change('Queue')]
  expect([...causedBy(changes, ['OfImage'])].toSorted()).toEqual(['Service', 'Task'])
})
