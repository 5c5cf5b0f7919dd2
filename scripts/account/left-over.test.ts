import { CloudFormation } from '@aws-sdk/client-cloudformation'
import { expect, it } from 'vitest'
import type { Clients } from './clients.ts'
import { leftOver, listStacks, warningOf } from './left-over.ts'
import type { SynthesisedStack } from './synthesis.ts'

const places = [{ name: 'dev', account: '222222222222', region: 'eu-west-1' }]
const known = ['shop-dev-network', 'shop-dev-identity'].map((name) => ({ name }) as SynthesisedStack)

it('finds the stacks of the environment that nothing asks for any more, and none of anybody else', async () => {
  const standing = ['shop-dev-network', 'shop-dev-service-old', 'shop-dev-hosts', 'shop-dev-identity', 'shop-prod-hosts', 'other']
  const list = async (region: string): Promise<string[]> => (region === 'eu-west-1' ? standing : [])
  const found = await leftOver(list, 'shop', places, known)
  expect(found).toEqual(['shop-dev-service-old (eu-west-1)', 'shop-dev-hosts (eu-west-1)'])
  expect(warningOf(found)).toEqual([expect.stringContaining('shop-dev-hosts (eu-west-1). Delete them first')])
  expect(warningOf([])).toEqual([])
})

it('looks where AWS has budgets, too', async () => {
  const asked: string[] = []
  const list = async (region: string): Promise<string[]> => {
    asked.push(region)
    return region === 'us-east-1' ? ['shop-dev-budgets'] : []
  }
  const north = places.map((place) => ({ ...place, region: 'eu-north-1' }))
  expect(await leftOver(list, 'shop', north, known)).toEqual(['shop-dev-budgets (us-east-1)'])
  expect(asked).toEqual(['eu-north-1', 'us-east-1'])
})

it('reads every page', async () => {
  const pages: Record<string, object> = {
    '': { Stacks: [{ StackName: 'a' }], NextToken: '2' },
    2: { Stacks: [{ StackName: 'b' }] },
  }
  const clients: Clients = (Client, region) => {
    const client = new Client({
      region,
      requestHandler: { requestTimeout: 1, connectionTimeout: 1, throwOnRequestTimeout: true },
    })
    if (!(client instanceof CloudFormation)) throw new Error('another client was asked for')
    return Object.assign(client, {
      describeStacks: async ({ NextToken = '' }: { NextToken?: string }) => pages[NextToken],
    })
  }
  expect(await listStacks(clients)('eu-west-1')).toEqual(['a', 'b'])
})
