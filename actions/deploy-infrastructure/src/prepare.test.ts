import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../lib/runner/clock.ts'
import { approvedOf, readApproved, writeApproved } from './approved.ts'
import type { ChangeSet, ChangeSetRequest, Stacks } from './ports.ts'
import { type Preparation, type PreparedStack, prepare } from './prepare.ts'
import type { StandingStack, WantedStack } from './stack.ts'
import { summaryOfPreparation } from './summary.ts'

const log = {
  info: () => {},
  notice: () => {},
  warning: () => {},
  error: () => {},
  group: <T>(_: string, work: () => Promise<T>) => work(),
}
const IMAGE = '/shop/dev/api/image'
const VPC = '/shop/dev/outputs/network/vpc'
const wanted = (memory: number, over: Partial<WantedStack> = {}): WantedStack => {
  const Parameters = {
    OfImage: { Type: 'AWS::SSM::Parameter::Value<String>', Default: IMAGE },
    OfVpc: { Type: 'AWS::SSM::Parameter::Value<String>', Default: VPC },
    Created: { Type: 'String' },
    Delivered: { Type: 'String' },
  }
  const template = { Parameters, Resources: { Task: { Type: 'AWS::ECS::TaskDefinition', Properties: { Memory: memory } } } }
  return {
    name: 'shop-dev-service-api',
    region: 'eu-west-1',
    template,
    body: JSON.stringify(template),
    fingerprint: String(memory).padStart(64, '0'),
    tags: { a: 'b' },
    role: 'role',
    protect: false,
    lookups: { OfImage: IMAGE, OfVpc: VPC },
    publishes: [],
    ...over,
  }
}

const standing = (over: Partial<StandingStack> = {}): StandingStack => ({
  id: 'id',
  name: 'shop-dev-service-api',
  status: 'UPDATE_COMPLETE',
  reason: '',
  protected: false,
  role: 'role',
  tags: { a: 'b', 'aws:cloudformation:stack-name': 'x' },
  parameters: {
    OfImage: { value: IMAGE, resolved: 'app@1' },
    OfVpc: { value: VPC, resolved: 'vpc-1' },
    Created: { value: 'yes' },
    Delivered: { value: 'yes' },
  },
  ...over,
})

type Given = {
  there?: StandingStack
  stack?: WantedStack
  values?: Record<string, string>
  template?: string
  changes?: ChangeSet['changes']
}

const preparing = async ({ there, stack = wanted(512), values, template, changes = [] }: Given) => {
  const asked: ChangeSetRequest[] = []
  const stacks = {
    list: async () => [],
    describe: async () => there,
    template: async () => template ?? wanted(512).body,
    createChangeSet: async (request: ChangeSetRequest) => {
      asked.push(request)
      return { arn: 'arn', existed: false }
    },
    describeChangeSet: async () => ({
      arn: 'arn',
      stackId: 'id',
      name: 'n',
      state: 'ready',
      reason: '',
      parameters: {},
      changes,
    }),
    deleteChangeSet: async () => {},
  } as Partial<Stacks> as Stacks
  const preparation: Preparation = {
    job: {
      project: 'shop',
      environment: 'dev',
      branch: 'dev',
      account: '222222222222',
      region: 'eu-west-1',
      regions: ['eu-west-1'],
      jobRole: 'j',
      role: 'role',
      records: { hold: 'h', lock: 'l', release: 'r', infra: 'i' },
      isImage: (name) => name === IMAGE,
    },
    assembly: { stacks: [stack], known: [stack.name] },
    stacksIn: () => stacks,
    values: new Map(Object.entries(values ?? { [IMAGE]: 'app@2', [VPC]: 'vpc-1' })),
    delivered: ['api'],
    run: { id: '7', attempt: '1' },
    tools: { log, clock: systemClock, pollInterval: 1 },
    dryRun: false,
  }
  const prepared = await prepare(preparation)
  return { prepared, asked, one: prepared.stacks[0] as PreparedStack, job: preparation.job }
}

const modify = (id: string, causes: string[]): ChangeSet['changes'][number] => ({
  id,
  type: 'AWS::ECS::TaskDefinition',
  action: 'Modify',
  replacement: 'yes',
  properties: ['ContainerDefinitions'],
  causes,
})

describe('prepare', () => {
  it('asks for no change set where only another image is recorded', async () => {
    expect(await preparing({ there: standing() })).toMatchObject({ one: { kind: 'unchanged' }, asked: [] })
  })

  it.each<[string, Given]>([
    ['another template', { there: standing(), stack: wanted(1024) }],
    ['other tags', { there: standing({ tags: { a: 'c' } }) }],
    ['another protection', { there: standing(), stack: wanted(512, { protect: true }) }],
    ['another value that is looked up', { there: standing(), values: { [IMAGE]: 'app@1', [VPC]: 'vpc-2' } }],
    [
      'a creation that was not brought to its end',
      { there: standing({ parameters: { ...standing().parameters, Created: { value: 'no' } } }) },
    ],
    [
      'a service that was delivered since',
      { there: standing({ parameters: { ...standing().parameters, Delivered: { value: 'no' } } }) },
    ],
  ])('asks for one with %s', async (_, given) => {
    const { one, asked } = await preparing(given)
    expect(one.kind).toBe('update')
    expect(asked).toMatchObject([{ kind: 'UPDATE', parameters: { Created: 'yes', Delivered: 'yes' }, role: 'role' }])
    expect(asked[0]?.name).toMatch(/^slipway-prepare-7-1-\w{8}$/)
  })

  it('makes a stack that is not there without tasks, and as if its service had never been delivered', async () => {
    const { one, asked } = await preparing({})
    expect(one.kind).toBe('create')
    expect(asked).toMatchObject([{ kind: 'CREATE', parameters: { Created: 'no', Delivered: 'no' } }])
  })

  it('shows the templates where something is looked up that is not there yet, and leaves out what has no image', async () => {
    const early = await preparing({ values: { [IMAGE]: 'app@1' } })
    expect(early.one).toMatchObject({ kind: 'create', previewed: `${VPC} is not there yet` })
    expect(early.one.changes.map(({ id, action }) => `${action} ${id}`)).toEqual(['Add Task'])
    const without = await preparing({ values: { [VPC]: 'vpc-1' } })
    expect(without.one.kind).toBe('left-out')
    expect(approvedOf(without.job, without.prepared.stacks).stacks).toEqual({})
  })

  it('refuses a stack that stands and whose image is recorded no more', async () => {
    const given = { there: standing(), values: { [VPC]: 'vpc-1' } }
    await expect(preparing(given)).rejects.toThrow(`shop-dev-service-api exists, and no image is recorded in ${IMAGE} any more`)
  })

  it('says that CloudFormation is told first of an image that was delivered since', async () => {
    const told = /First CloudFormation is told which image is recorded/
    const { prepared } = await preparing({ there: standing(), stack: wanted(1024) })
    expect(summaryOfPreparation('dev', prepared)).toMatch(told)
    const values = { [IMAGE]: 'app@1', [VPC]: 'vpc-1' }
    const same = await preparing({ there: standing(), stack: wanted(1024), values })
    expect(summaryOfPreparation('dev', same.prepared)).not.toMatch(told)
  })

  it('says of changes that only the templates show what becomes of replacements', async () => {
    const stack = wanted(1024, { lookups: { OfImage: IMAGE, OfVpc: '/new' } })
    const { prepared } = await preparing({ there: standing(), stack })
    expect(summaryOfPreparation('dev', prepared)).toMatch(/Should something turn out to be replaced that holds data/)
  })

  it('calls nothing the image’s of which the templates say something else', async () => {
    const changes = [modify('Task', ['OfImage']), modify('Other', ['OfImage'])]
    const { one } = await preparing({ there: standing(), stack: wanted(1024), changes })
    expect([...one.byImage]).toEqual(['Other'])
  })

  it.each([
    ['UPDATE_IN_PROGRESS', /is UPDATE_IN_PROGRESS: wait/],
    ['UPDATE_ROLLBACK_FAILED', /continue-update-rollback/],
  ])('refuses a stack in %s', async (status, words) => {
    await expect(preparing({ there: standing({ status }) })).rejects.toThrow(words)
  })

  it('hands on what is to be approved, and reads the same back', async () => {
    const { prepared, job } = await preparing({ there: standing(), stack: wanted(1024), changes: [modify('Task', [])] })
    const approved = approvedOf(job, prepared.stacks)
    expect(readApproved(JSON.parse(writeApproved(approved)))).toEqual(approved)
    expect(approved.stacks['shop-dev-service-api']).toMatchObject({
      kind: 'update',
      parameters: { OfVpc: 'vpc-1' },
      changes: [['Task', 'AWS::ECS::TaskDefinition', 'Modify', 'yes', ['ContainerDefinitions']]],
    })
    expect(() => readApproved({ environment: 'dev' })).toThrow(/input 'approved' is not what 'operation: prepare' has put out/)
    const many = Array.from({ length: 2_000 }, (_, index) => modify(`Resource${index}`, []))
    const tooMuch = prepared.stacks.map((stack) => ({ ...stack, changes: many }))
    expect(() => writeApproved(approvedOf(job, tooMuch))).toThrow(/too many changes for one approval/)
  })

  it('shouts what is lost, and says what is let through', async () => {
    const changes = [
      { ...modify('Data', []), type: 'AWS::S3::Bucket' },
      { ...modify('Log', []), type: 'AWS::Logs::LogGroup', policy: 'Retain' },
    ]
    const { prepared } = await preparing({ there: standing(), stack: wanted(1024), changes })
    const text = summaryOfPreparation('dev', prepared)
    expect(text).toMatch(/`Data` .*\*\*REPLACED, with what it holds\*\*/)
    expect(text).toMatch(/`Log` .*the old one is kept/)
  })
})
