import { describe, expect, it } from 'vitest'
import type { ApprovedStack } from './approved.ts'
import type { Change } from './change.ts'
import { isCurrent, type Sync, unsynced } from './compare-sync.ts'

const isImage = (name: string): boolean => name === '/image'
const parameters = (image: string, vpc: string, created = 'yes') => ({
  OfImage: { value: '/image', resolved: image },
  OfVpc: { value: '/vpc', resolved: vpc },
  Created: { value: created },
})
const change = (id: string, over: Partial<Change> = {}): Change => ({
  id,
  type: 'AWS::ECS::Service',
  action: 'Modify',
  replacement: 'no',
  properties: ['TaskDefinition'],
  causes: [],
  ...over,
})
const task = change('Task', { type: 'AWS::ECS::TaskDefinition', replacement: 'yes', causes: ['OfImage'] })
const service = change('Service', { causes: ['Task'] })
const group = change('Group', { type: 'AWS::EC2::SecurityGroup', replacement: 'yes', causes: ['OfVpc'] })
const counted = change('Service', { properties: ['DesiredCount'] })

const approved = (known: Record<string, string> = { OfVpc: 'vpc-1' }): ApprovedStack => ({
  kind: 'update',
  fingerprint: 'f',
  parameters: known,
  delivered: true,
  changes: [],
})
const sync = (changes: Change[], vpc = 'vpc-1', created = 'yes'): Sync => ({
  there: { parameters: parameters('app@1', 'vpc-1', created) },
  lookups: { OfImage: '/image', OfVpc: '/vpc' },
  fresh: { parameters: parameters('app@2', vpc), changes },
  isImage,
})

describe('telling CloudFormation of the recorded image', () => {
  it.each<[string, ApprovedStack, Sync]>([
    ['the image and what follows it', approved(), sync([task, service])],
    ['nothing', approved(), sync([])],
    ['the end of a creation, of which CloudFormation says no cause', approved(), sync([counted], 'vpc-1', 'no')],
    ['the end of a creation with another image', approved(), sync([task, { ...counted, causes: [] }], 'vpc-1', 'no')],
    ['a value that was approved meanwhile', approved({ OfVpc: 'vpc-2' }), sync([task, service, group], 'vpc-2')],
    ['a value that an earlier stack of the run was to give', approved({}), sync([task, group], 'vpc-2')],
  ])('brings %s', (_, approval, given) => {
    expect(unsynced(approval, given)).toEqual([])
  })

  it.each<[string, ApprovedStack, Sync, RegExp]>([
    ['another value', approved(), sync([task], 'vpc-2'), /^OfVpc was vpc-1 and is vpc-2 now, which nobody has approved$/],
    ['what another value causes', approved(), sync([group], 'vpc-2'), /; Modify Group \(AWS::EC2::SecurityGroup\)/],
    ['another change', approved(), sync([change('Queue', { type: 'AWS::SQS::Queue' })]), /Modify Queue/],
    [
      'a replacement of what holds something',
      approved({}),
      sync([{ ...group, type: 'AWS::SQS::Queue' }], 'vpc-2'),
      /^Modify Group \(AWS::SQS::Queue\) makes it anew, and that was not part of it$/,
    ],
    ['a count where the creation has ended', approved(), sync([counted]), /Modify Service/],
    ['a resource less', approved(), sync([change('Queue', { action: 'Remove', causes: [] })], 'vpc-1', 'no'), /Remove Queue/],
  ])('does not bring %s', (_, approval, given, words) => {
    expect(unsynced(approval, given).join('; ')).toMatch(words)
  })

  it('is due where another image is recorded, or the creation was not ended; not where no record is left', () => {
    const there = { parameters: parameters('app@1', 'vpc-1') }
    expect(isCurrent(there, new Map([['/image', 'app@1']]), isImage)).toBe(true)
    expect(isCurrent(there, new Map(), isImage)).toBe(true)
    expect(isCurrent(there, new Map([['/image', 'app@2']]), isImage)).toBe(false)
    expect(isCurrent({ parameters: parameters('app@1', 'v', 'no') }, new Map([['/image', 'app@1']]), isImage)).toBe(false)
  })
})
