import { expect, it } from 'vitest'
import type { Clients } from '../account/clients.ts'
import { requireDisposable } from './guard.ts'

const EMPTY = {
  listStacks: {},
  listClusters: {},
  ListFunctionsCommand: {},
  describeRepositories: {},
  describeInstances: {},
  describeVpcs: {},
  DescribeParametersCommand: {},
}

/** An account whose answers come in pages: the first of everything is empty, as AWS may have it. */
const account = (second: Partial<Record<keyof typeof EMPTY, object>>) => {
  const asked: object[] = []
  const answer = (name: string, input: Record<string, unknown>) => {
    asked.push(input)
    const token = input['NextToken'] ?? input['nextToken'] ?? input['Marker']
    if (token === undefined) return { NextToken: 'more', nextToken: 'more', NextMarker: 'more' }
    return { ...EMPTY, ...second }[name as keyof typeof EMPTY]
  }
  const client = new Proxy(
    {},
    {
      get: (_, name: string) =>
        name === 'send'
          ? async (command: { constructor: { name: string }; input: Record<string, unknown> }) =>
              answer(command.constructor.name, command.input)
          : async (input: Record<string, unknown>) => answer(name, input),
    },
  )
  const clients = (() => client) as unknown as Clients
  return { asked, check: () => requireDisposable(clients, 'eu-west-1', 'live-one') }
}

it.each<[what: string, Parameters<typeof account>[0]]>([
  ['the stack shop-prod', { listStacks: { StackSummaries: [{ StackName: 'shop-prod', StackStatus: 'UPDATE_COMPLETE' }] } }],
  ['the cluster web', { listClusters: { clusterArns: ['arn:aws:ecs:eu-west-1:555555555555:cluster/web'] } }],
  ['the function mails', { ListFunctionsCommand: { Functions: [{ FunctionName: 'mails' }] } }],
  ['the repository shop/app', { describeRepositories: { repositories: [{ repositoryName: 'shop/app' }] } }],
  ['the instance i-1', { describeInstances: { Reservations: [{ Instances: [{ InstanceId: 'i-1' }] }] } }],
  ['the network vpc-1', { describeVpcs: { Vpcs: [{ VpcId: 'vpc-1', IsDefault: false }] } }],
  ['the parameter /shop/key', { DescribeParametersCommand: { Parameters: [{ Name: '/shop/key' }] } }],
])('refuses an account with %s, also on a later page', async (what, second) => {
  await expect(account(second).check()).rejects.toThrow(`this account is in use: ${what}; nothing was changed`)
})

it('takes one that has what a run has left, what every account has, and stacks that are gone', async () => {
  const { check, asked } = account({
    listStacks: {
      StackSummaries: [
        { StackName: 'live-one-dev-network', StackStatus: 'DELETE_FAILED' },
        { StackName: 'other', StackStatus: 'DELETE_COMPLETE' },
      ],
    },
    listClusters: { clusterArns: ['arn:aws:ecs:eu-west-1:555555555555:cluster/default'] },
    describeRepositories: { repositories: [{ repositoryName: 'live-one/app' }] },
    describeInstances: { Reservations: [{ Instances: [{ InstanceId: 'i-1', State: { Name: 'terminated' } }] }] },
    describeVpcs: {
      Vpcs: [
        { VpcId: 'vpc-0', IsDefault: true },
        { VpcId: 'vpc-1', Tags: [{ Key: 'Name', Value: 'live-one-dev' }] },
      ],
    },
    DescribeParametersCommand: { Parameters: [{ Name: '/live-one/dev/release' }] },
  })
  await check()
  // CloudFormation lists stacks for 90 days after they are gone.
  expect(asked).toContainEqual({ StackStatusFilter: expect.not.arrayContaining(['DELETE_COMPLETE']) })
})
