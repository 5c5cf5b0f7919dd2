import { expect, it } from 'vitest'
import type { Resource, Template } from '../../lib/infrastructure/template.ts'
import type { Stack, Stacks } from './assembly.ts'
import { parse } from './cdk.ts'
import { differences, MOST_CHARACTERS } from './differences.ts'

const template = (Resources: Record<string, Resource>): Template => ({ Resources })
const stack = (content: Template, more: Partial<Stack> = {}): Stack => ({
  file: String(Math.random()),
  template: content,
  environment: 'aws://111111111111/eu-west-1',
  tags: { team: 'one' },
  isProtected: true,
  ...more,
})
const stacks = (given: Record<string, Template>): Stacks =>
  new Map(Object.entries(given).map(([name, each]) => [name, stack(each)]))

const table: Resource = { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'one' } }
const role = (Action: string): Resource => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    PermissionsBoundary: 'b',
    Policies: [{ PolicyName: 'p', PolicyDocument: { Statement: [{ Effect: 'Allow', Action, Resource: '*' }] } }],
  },
})

const compare = async (before: Record<string, Template>, after: Record<string, Template>, destructive: string[] = []) => {
  const asked: string[] = []
  const report = await differences(stacks(before), stacks(after), async (name) => {
    asked.push(name)
    return { text: `Stack ${name}`, destructive }
  })
  return { ...report, asked }
}

const base = { 'shop-dev-a': template({ Role: role('s3:GetObject') }), 'shop-dev-b': template({ Table: table }) }

it.each<[string, Record<string, Template>, object]>([
  ['nothing', base, { stacks: [], asked: [], broadening: [], destructive: [], diff: '' }],
  [
    'a resource more',
    { ...base, 'shop-dev-b': template({ Table: table, Other: table }) },
    { stacks: [{ name: 'shop-dev-b', kind: 'changed' }], asked: ['shop-dev-b'], broadening: [], diff: 'Stack shop-dev-b' },
  ],
  [
    'a stack more',
    { ...base, 'shop-dev-c': template({ Role: role('sqs:*') }) },
    {
      stacks: [{ name: 'shop-dev-c', kind: 'added' }],
      broadening: [expect.stringContaining('shop-dev-c: Role (AWS::IAM::Role) allows sqs:* on *'), expect.any(String)],
    },
  ],
  [
    'a permission more',
    { ...base, 'shop-dev-a': template({ Role: role('s3:*') }) },
    {
      stacks: [{ name: 'shop-dev-a', kind: 'changed' }],
      broadening: ['shop-dev-a: Role (AWS::IAM::Role) allows s3:* on *'],
      destructive: [],
    },
  ],
  [
    'a stack less',
    { 'shop-dev-a': base['shop-dev-a'] },
    {
      stacks: [{ name: 'shop-dev-b', kind: 'removed' }],
      asked: [],
      destructive: ['shop-dev-b: the stack is no longer part of the app; it stays in AWS until somebody deletes it there'],
    },
  ],
])('reports %s', async (_, after, expected) => {
  expect(await compare(base, after)).toMatchObject(expected)
})

it('names the places whose roles or repositories a person deploys', async () => {
  const before: Stacks = new Map([['shop-dev-identity', stack(template({}), { administrator: 'dev' })]])
  const after: Stacks = new Map([
    ['shop-dev-identity', stack(template({ Role: role('s3:*') }), { administrator: 'dev' })],
    ['shop-dev-service-api', stack(template({}))],
  ])
  const none = async () => ({ text: '', destructive: [] })
  expect((await differences(before, after, none)).administrators).toEqual(['dev'])
  expect((await differences(after, after, none)).administrators).toEqual([])
  const services: Stacks = new Map([...before, ['shop-dev-service-api', stack(template({}))]])
  expect((await differences(before, services, none)).administrators).toEqual([])
})

it.each<[string, Partial<Stack>, string[], string]>([
  [
    'protected no more',
    { isProtected: false },
    ['shop-dev-b: is no longer protected from deletion'],
    'termination protection: off',
  ],
  ['with other tags', { tags: { team: 'two', cost: '7' } }, [], 'tag cost: none → 7\ntag team: one → two'],
  [
    'elsewhere',
    { environment: 'aws://111111111111/eu-west-2' },
    [
      'shop-dev-b: is made anew in aws://111111111111/eu-west-2; what is in aws://111111111111/eu-west-1 stays there until somebody deletes it',
    ],
    'is made anew in aws://111111111111/eu-west-2',
  ],
])('reports a stack that is %s, with the same template', async (_, more, destructive, text) => {
  const [before, after] = [{}, more].map((given): Stacks => new Map([['shop-dev-b', stack(template({ Table: table }), given)]]))
  if (before === undefined || after === undefined) throw new Error('two are compared')
  const report = await differences(before, after, () => Promise.reject(new Error('cdk has nothing to say here')))
  expect(report).toMatchObject({ stacks: [{ name: 'shop-dev-b', kind: 'changed' }], destructive, broadening: [] })
  expect(report.diff).toContain(`Stack shop-dev-b\n${text}`)
})

it('takes what cdk says that CloudFormation deletes or replaces', async () => {
  const found = ['shop-dev-b: AWS::DynamoDB::Table Table will be replaced']
  expect((await compare(base, { ...base, 'shop-dev-b': template({}) }, found)).destructive).toEqual(found)
})

it('is bounded, whatever a template holds', async () => {
  const many = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`Role${index}`, role('x'.repeat(5_000))]))
  const report = await differences(new Map(), stacks({ big: template(many) }), async () => ({
    text: 'y'.repeat(200_000),
    destructive: Array.from({ length: 500 }, () => 'z'.repeat(1_000)),
  }))
  expect(report.diff.length).toBeLessThan(MOST_CHARACTERS + 100)
  expect(report.destructive.at(-1)).toBe('and 460 more')
  expect(JSON.stringify(report).length).toBeLessThan(100_000)
})

const OUTPUT = `WARNING something (CloudFormation Validate)
Stack shop-dev-x
Resources
[~] AWS::DynamoDB::Table Table Table replace
 └─ [~] TableName (requires replacement)


✨  Number of stacks with differences: 1

❌  Found 1 destructive change(s) (--fail-on=destructive):
  shop-dev-x: AWS::DynamoDB::Table Table Table will be replaced
  shop-dev-x: AWS::ECS::TaskDefinition TaskDefinition TaskDefinition will be replaced
`

it('reads the answer of cdk diff, where a new revision is no loss, and no answer is an error', () => {
  expect(parse('shop-dev-x', OUTPUT)).toEqual({
    text: 'Stack shop-dev-x\nResources\n[~] AWS::DynamoDB::Table Table Table replace\n └─ [~] TableName (requires replacement)',
    destructive: ['shop-dev-x: AWS::DynamoDB::Table Table Table will be replaced'],
  })
  expect(() => parse('shop-dev-x', 'Error: no such stack')).toThrow('cdk diff said nothing of shop-dev-x')
})
