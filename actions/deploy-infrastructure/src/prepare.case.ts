import { systemClock } from '../../../lib/runner/clock.ts'
import type { ChangeSet, ChangeSetRequest, Stacks } from './ports.ts'
import { type Preparation, type PreparedStack, prepare } from './prepare.ts'
import type { StandingStack, WantedStack } from './stack.ts'

const log = {
  info: () => {},
  notice: () => {},
  warning: () => {},
  error: () => {},
  group: <T>(_: string, work: () => Promise<T>) => work(),
}
export const IMAGE = '/shop/dev/api/image'
export const VPC = '/shop/dev/outputs/network/vpc'
export const wanted = (memory: number, over: Partial<WantedStack> = {}): WantedStack => {
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

export const standing = (over: Partial<StandingStack> = {}): StandingStack => ({
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

export type Given = {
  there?: StandingStack
  stack?: WantedStack
  values?: Record<string, string>
  template?: string
  changes?: ChangeSet['changes']
}

export const preparing = async ({ there, stack = wanted(512), values, template, changes = [] }: Given) => {
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

export const modify = (id: string, causes: string[]): ChangeSet['changes'][number] => ({
  id,
  type: 'AWS::ECS::TaskDefinition',
  action: 'Modify',
  replacement: 'yes',
  properties: ['ContainerDefinitions'],
  causes,
})
