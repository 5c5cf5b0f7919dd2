import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ApprovedStack } from './approved.ts'
import type { Change } from './change.ts'
import { type Fresh, resolvedOf, unapproved } from './compare.ts'

const change = (id: string, over: Partial<Change> = {}): Change => ({
  id,
  type: 'AWS::ECS::Service',
  action: 'Modify',
  replacement: 'no',
  properties: ['Cpu'],
  causes: [],
  ...over,
})

const approving = (changes: readonly Change[], over: Partial<ApprovedStack> = {}): ApprovedStack => ({
  kind: 'update',
  fingerprint: 'f',
  parameters: { OfVpc: 'vpc-1' },
  delivered: false,
  changes: changes.map(({ id, type, action, replacement, properties }) => [id, type, action, replacement, [...properties]]),
  ...over,
})

const fresh = (changes: readonly Change[], over: Partial<Fresh> = {}): Fresh => ({
  kind: 'update',
  fingerprint: 'f',
  parameters: { OfVpc: 'vpc-1' },
  images: ['OfImage'],
  lookups: { OfImage: '/image', OfVpc: '/vpc' },
  changes,
  ...over,
})

const task = change('Task', { replacement: 'yes', properties: ['ContainerDefinitions'], causes: ['OfImage'] })
const follows = change('Service', { properties: ['TaskDefinition'], causes: ['Task'] })

const database = (replacement: Change['replacement'], causes: string[] = []): Change =>
  change('Db', { type: 'AWS::RDS::DBInstance', replacement, causes, properties: ['DBSubnetGroupName'] })

describe('what was approved', () => {
  it.each<[string, ApprovedStack, Fresh]>([
    ['is the same', approving([change('A')]), fresh([change('A')])],
    ['may turn out to be less', approving([change('A'), change('B')]), fresh([change('A')])],
    ['may be made anew less', approving([change('A', { replacement: 'yes' })]), fresh([change('A')])],
    ['may change less of a resource', approving([change('A', { properties: ['Cpu', 'Memory'] })]), fresh([change('A')])],
    ['may have got another image, and what follows it', approving([change('A')]), fresh([change('A'), task, follows])],
    ['may be a creation', approving([], { kind: 'create' }), fresh([change('A', { action: 'Add' })], { kind: 'create' })],
    ['may be a creation that an earlier attempt has brought', approving([], { kind: 'create' }), fresh([])],
    [
      'may not have known a parameter yet',
      approving([change('A')], { parameters: {} }),
      fresh([change('A')], { parameters: { OfVpc: 'vpc-9' } }),
    ],
    [
      'may be brought to a value that an earlier stack of the run has given, with what follows it',
      approving([], { parameters: {} }),
      fresh([change('A', { causes: ['OfVpc'], replacement: 'yes' }), change('B', { causes: ['A'] })], {
        parameters: { OfVpc: 'vpc-9' },
      }),
    ],
    [
      'may say itself that what holds something is made anew',
      approving([database('yes')], { parameters: {} }),
      fresh([database('yes', ['OfVpc'])]),
    ],
    [
      'may change what holds something by a value that an earlier stack of the run has given',
      approving([database('unknown')], { parameters: {} }),
      fresh([database('no', ['OfVpc'])]),
    ],
    [
      'may be made anew where only the templates could be shown',
      approving([change('A', { replacement: 'unknown' })]),
      fresh([change('A', { replacement: 'yes' })]),
    ],
  ])('%s', (_, approved, now) => {
    expect(unapproved(approved, now)).toEqual([])
  })

  it.each<[string, ApprovedStack, Fresh, RegExp]>([
    ['another template', approving([]), fresh([], { fingerprint: 'g' }), /template/],
    ['another value', approving([]), fresh([], { parameters: { OfVpc: 'vpc-2' } }), /OfVpc was vpc-1 .* is vpc-2 now/],
    ['a resource more', approving([change('A')]), fresh([change('A'), change('B')]), /Modify B .* was not part of it/],
    ['a replacement', approving([change('A')]), fresh([change('A', { replacement: 'yes' })]), /A .* makes it anew/],
    ['perhaps a replacement', approving([change('A')]), fresh([change('A', { replacement: 'may' })]), /A .* makes it anew/],
    [
      'a replacement of what holds something, where only the templates could be shown',
      approving([change('A', { type: 'AWS::SQS::Queue', replacement: 'unknown' })]),
      fresh([change('A', { type: 'AWS::SQS::Queue', replacement: 'yes' })]),
      /A .* makes it anew/,
    ],
    [
      'a replacement of what holds something, by a value that an earlier stack of the run has given',
      approving([database('unknown')], { parameters: {} }),
      fresh([database('yes', ['OfVpc'])]),
      /^Modify Db \(AWS::RDS::DBInstance\) makes it anew, and that was not part of it$/,
    ],
    [
      'a replacement of what holds something, by what follows such a value',
      approving([], { parameters: {} }),
      fresh([change('A', { causes: ['OfVpc'], replacement: 'yes' }), database('yes', ['A'])]),
      /^Modify Db .* makes it anew/,
    ],
    ['a deletion', approving([change('A')]), fresh([change('A', { action: 'Remove' })]), /approved as Modify/],
    ['a property more', approving([change('A')]), fresh([change('A', { properties: ['Cpu', 'Role'] })]), /changes Role too/],
    ['what another parameter causes', approving([]), fresh([change('A', { causes: ['OfVpc'] })]), /Modify A/],
    [
      'a stack that is gone',
      approving([change('A')]),
      fresh([change('A', { action: 'Add' })], { kind: 'create' }),
      /exist any more/,
    ],
    ['a stack that is there', approving([], { kind: 'create' }), fresh([change('A')]), /exists by now/],
  ])('is not %s', (_, approved, now, words) => {
    expect(unapproved(approved, now).join('; ')).toMatch(words)
  })

  it('is compared with what the change set has looked up itself', () => {
    const parameters = { OfVpc: { value: '/vpc', resolved: 'vpc-2' }, OfImage: { value: '/image', resolved: 'app@2' } }
    expect(resolvedOf({ ...parameters, Created: { value: 'yes' } }, (name) => name === '/image')).toEqual({ OfVpc: 'vpc-2' })
  })

  const some = fc.uniqueArray(
    fc.record({
      id: fc.constantFrom('A', 'B', 'C', 'D', 'E'),
      type: fc.constantFrom('AWS::ECS::Service', 'AWS::SQS::Queue'),
      action: fc.constantFrom('Add', 'Modify', 'Remove'),
      replacement: fc.constantFrom('no' as const, 'may' as const, 'yes' as const),
      properties: fc.uniqueArray(fc.constantFrom('Cpu', 'Memory', 'Name')),
      causes: fc.constant([]),
    }),
    { selector: ({ id }) => id },
  )

  it('holds for every part of itself, and for nothing that has one change more', () => {
    fc.assert(
      fc.property(some, fc.func(fc.boolean()), (changes, pick) => {
        const part = changes.filter(pick)
        expect(unapproved(approving(changes), fresh(part))).toEqual([])
        const more = changes.filter((each) => !part.includes(each))
        expect(unapproved(approving(part), fresh(changes)).length).toBe(more.length)
      }),
    )
  })

  it('is not widened by an image: what it causes of itself is let through, and nothing else', () => {
    fc.assert(
      fc.property(some, (changes) => {
        const problems = unapproved(approving([]), fresh([...changes, task, follows]))
        expect(problems.length).toBe(changes.length)
      }),
    )
  })
})
