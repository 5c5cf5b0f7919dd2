import { expect, it } from 'vitest'
import { orphans } from './orphans.ts'
import type { Job } from './place.ts'
import type { Stacks } from './ports.ts'
import type { StandingStack } from './stack.ts'

const job = { project: 'shop', environment: 'dev', regions: ['eu-west-1'], role: 'role' } as Partial<Job> as Job
const stack = (name: string, over: Partial<StandingStack> = {}): StandingStack => ({
  id: `arn:aws:cloudformation:eu-west-1:222222222222:stack/${name}/1`,
  name,
  status: 'UPDATE_COMPLETE',
  reason: '',
  protected: false,
  role: 'role',
  tags: { 'slipway:environment': 'dev' },
  parameters: {},
  ...over,
})
const never = { status: 'REVIEW_IN_PROGRESS', role: undefined, tags: {} }
const found = [
  stack('shop-dev-service-old', { protected: true }),
  stack('shop-dev-hosts', never),
  stack('shop-dev-network'),
  stack('shop-dev-cluster', { role: 'another' }),
  stack('shop-dev-service-other', { tags: {} }),
]

it('lists what delivery.json has no more, and what was begun and never made; looks at no stack of another project', async () => {
  const asked: string[] = []
  const stacks = {
    list: async () => [...found.map(({ name }) => name), 'shop-dev-prod-network', 'shop-dev-identity', 'shop-dev-oidc'],
    describe: async (name: string) => {
      asked.push(name)
      return found.find((each) => each.name === name)
    },
  } as Partial<Stacks> as Stacks
  expect(await orphans(() => stacks, job, ['shop-dev-network'])).toEqual([
    {
      name: 'shop-dev-service-old',
      isEmpty: false,
      command:
        'aws cloudformation update-termination-protection --no-enable-termination-protection --region eu-west-1 --stack-name shop-dev-service-old && ' +
        'aws cloudformation delete-stack --region eu-west-1 --stack-name shop-dev-service-old',
    },
    {
      name: 'shop-dev-hosts',
      isEmpty: true,
      command: 'aws cloudformation delete-stack --region eu-west-1 --stack-name shop-dev-hosts',
    },
  ])
  expect(asked).not.toContain('shop-dev-prod-network')
  expect(asked).not.toContain('shop-dev-identity')
})
