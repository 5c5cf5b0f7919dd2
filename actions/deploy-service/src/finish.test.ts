import { expect, it } from 'vitest'
import type { Session } from '../../../lib/aws/session.ts'
import { finishKilled, type Unfinished } from './finish.ts'

/** Lambda, where every function serves version 1, and nothing is told of one that is called `hidden`. */
const client = {
  middlewareStack: { add: () => undefined },
  send: async ({ constructor: { name }, input }: { constructor: { name: string }; input: { FunctionName: string } }) => {
    if (input.FunctionName === 'hidden') throw Object.assign(new Error('not for you'), { name: 'AccessDeniedException' })
    if (name === 'GetAliasCommand') return { FunctionVersion: '1', RevisionId: 'r' }
    return { Configuration: { Version: '1', CodeSha256: 'one', State: 'Active', LastUpdateStatus: 'Successful' } }
  },
}
const session = { guard: async () => undefined, client: () => client, clientWithoutRetry: () => client } as unknown as Session

const log = { info: () => undefined, warning: () => undefined } as never
const clock = { now: () => 0, monotonic: () => 0, sleep: async () => undefined }

const left = (name: string): Unfinished['deployments'][number] => ({
  service: name,
  target: { kind: 'lambda', functions: [{ name }], alias: 'live' },
  deployment: {
    id: 'slipway-1',
    revision: `${name}:1`,
    startedAt: 0,
    images: { [name]: 'app@sha256:two' },
    previous: {
      revision: `${name}:1`,
      images: {},
      digests: { [name]: 'sha256:one' },
      deployments: [],
      count: 1,
      functions: { [name]: { version: '1' } },
      settled: false,
    },
  },
})

it('tells of the service that it could not look at, and takes the others back all the same', async () => {
  const deployments = [left('hidden'), left('events')]
  const unfinished = { account: '1', region: 'eu-west-1', role: '', requestTimeout: 1, pollInterval: 1, deployments }
  const results = await finishKilled(unfinished, session, { log, clock, pollInterval: 1 })
  expect(results).toMatchObject([
    { service: 'hidden', outcome: 'failed-not-rolled-back', reason: expect.stringContaining('lambda:GetAlias') },
    { service: 'events', outcome: 'cancelled', runningDigest: 'sha256:one' },
  ])
})
