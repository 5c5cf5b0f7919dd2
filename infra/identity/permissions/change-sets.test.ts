import { expect, it } from 'vitest'
import { changeSets, comparisons, executions } from './change-sets.ts'

const place = { account: '222222222222', region: 'eu-north-1' }
const statements = [
  ...changeSets(place, 'shop', 'dev'),
  ...comparisons(place, 'shop', 'dev'),
  ...executions(place, 'shop', 'dev'),
]
const patterns = new Set(
  statements.flatMap((statement) =>
    statement.Effect === 'Allow' && 'Resource' in statement
      ? statement.Resource.filter((resource) => resource.includes(':cloudformation:'))
      : [],
  ),
)
const isReached = (stack: string, region = place.region): boolean =>
  [...patterns].some((pattern) =>
    new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(`arn:aws:cloudformation:${region}:222222222222:stack/${stack}/1-2`),
  )

it('of change sets reach what the pipeline brings to the environment', () => {
  for (const content of ['network', 'cluster', 'hosts', 'service-api', 'service-a-b'])
    expect(isReached(`shop-dev-${content}`), content).toBe(true)
  // AWS has budgets in one region of the partition only.
  expect(isReached('shop-dev-budgets') || isReached('shop-dev-budgets', 'us-east-1')).toBe(true)
})

it.each(['shop-dev-identity', 'shop-dev-prod-network', 'shop-dev-prod-identity', 'shop-prod-network', 'shop-dev', 'other'])(
  'of change sets do not reach %s, also of a project whose name begins as the environment’s stacks do',
  (stack) => {
    expect(isReached(stack)).toBe(false)
    expect(isReached(stack, 'us-east-1')).toBe(false)
  },
)
