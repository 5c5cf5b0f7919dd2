import { describe, expect, it } from 'vitest'
import { lookups, publications, type Template } from '../../../lib/infrastructure/template.ts'
import type { Change } from './change.ts'
import { withFollowing } from './follow.ts'
import { followersOf } from './followers.ts'
import type { PreparedStack } from './prepare.ts'
import { previewOf } from './preview.ts'

const lookup = (Default: string) => ({ Type: 'AWS::SSM::Parameter::Value<String>', Default })
const publish = (Name: string, Value: unknown) => ({ Type: 'AWS::SSM::Parameter', Properties: { Name, Value } })

const network: Template = {
  Resources: { Vpc: { Type: 'AWS::EC2::VPC' }, Out: publish('/vpc', { Ref: 'Vpc' }) },
}
const hosts: Template = {
  Parameters: { OfVpc: lookup('/vpc') },
  Resources: {
    Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { VpcId: { Ref: 'OfVpc' }, GroupDescription: 'a' } },
    Rule: { Type: 'AWS::EC2::SecurityGroupIngress', Properties: { GroupId: { 'Fn::GetAtt': ['Group', 'GroupId'] } } },
    Topic: { Type: 'AWS::SNS::Topic', Properties: {} },
    Out: publish('/group', { 'Fn::Sub': ['of $', '{Group.GroupId}'].join('') }),
  },
}
const last: Template = { Parameters: { OfGroup: lookup('/group') }, Resources: { A: { Type: 'AWS::SNS::Topic' } } }

const prepared = (name: string, template: Template, over: Partial<PreparedStack> = {}): PreparedStack => ({
  wanted: {
    name,
    region: 'eu-west-1',
    template,
    body: '',
    fingerprint: 'f',
    tags: {},
    role: 'r',
    protect: false,
    lookups: lookups(template),
    publishes: publications(template),
  },
  kind: 'unchanged',
  changes: [],
  byImage: new Set(),
  syncs: false,
  parameters: Object.fromEntries(Object.keys(lookups(template)).map((key) => [key, 'before'])),
  isDelivered: true,
  ...over,
})
const modify = (id: string, over: Partial<Change> = {}): Change => ({
  id,
  type: 'T',
  action: 'Modify',
  replacement: 'no',
  properties: ['P'],
  causes: [],
  ...over,
})
const three = (changes: Change[], over: Partial<PreparedStack> = {}) =>
  withFollowing([
    prepared('network', network, { kind: 'update', changes }),
    prepared('hosts', hosts, over),
    prepared('last', last),
  ])

describe('what looks up what an earlier stack publishes', () => {
  it('is part of the change where that may get another value, through every stack that follows', () => {
    const [, second, third] = three([modify('Vpc'), modify('Out')])
    expect(second).toMatchObject({ kind: 'update', parameters: {}, follows: ['network'] })
    expect(second?.changes.map(({ id, replacement, causes }) => [id, replacement, causes])).toEqual([
      ['Group', 'unknown', ['OfVpc']],
      ['Rule', 'unknown', ['Group']],
      ['Out', 'unknown', ['Group']],
    ])
    expect(third).toMatchObject({ kind: 'update', parameters: {}, follows: ['hosts'] })
  })

  it('is not where something else of that stack changes', () => {
    expect(three([modify('Vpc')]).map(({ kind }) => kind)).toEqual(['update', 'unchanged', 'unchanged'])
  })

  it('keeps what changes in it anyway, which may be made anew as well', () => {
    const own = [modify('Group', { properties: ['GroupDescription'] }), modify('Topic', { replacement: 'yes' })]
    const [, second] = three([modify('Out')], { kind: 'update', changes: own })
    expect(second?.changes.slice(0, 2)).toMatchObject([
      { id: 'Group', replacement: 'unknown', properties: ['GroupDescription', 'VpcId'], causes: [] },
      { id: 'Topic', replacement: 'yes', properties: ['P'] },
    ])
  })

  it('is created with whatever is published then, and left out as before', () => {
    expect(three([modify('Out')], { kind: 'create' })[1]).toMatchObject({ kind: 'create', parameters: {}, changes: [] })
    expect(three([modify('Out')], { kind: 'left-out' })[1]).toMatchObject({ kind: 'left-out' })
  })
})

describe('what only the templates show', () => {
  it('has what refers to a changed resource with it, and nothing that is new', () => {
    const after = structuredClone(hosts)
    Object.assign(after.Resources['Group']?.Properties ?? {}, { GroupDescription: 'b' })
    after.Resources['New'] = { Type: 'AWS::EC2::Instance', Properties: { Of: { Ref: 'Group' } } }
    expect(previewOf(hosts, after).map(({ id, action, replacement, causes }) => [id, action, replacement, causes])).toEqual([
      ['New', 'Add', 'no', []],
      ['Group', 'Modify', 'unknown', []],
      ['Rule', 'Modify', 'unknown', ['Group']],
      ['Out', 'Modify', 'unknown', ['Group']],
    ])
  })

  it('ends where resources refer to each other', () => {
    const of = (...names: string[]) => ({ Type: 'T', Properties: { Of: names.map((Ref) => ({ Ref })) } })
    const found = followersOf({ Resources: { A: of('B'), B: of('A', 'Key'), C: of('D') } }, ['Key'])
    expect(found.map(({ id, causes }) => [id, causes])).toEqual([
      ['B', ['A', 'Key']],
      ['A', ['B']],
    ])
  })
})
