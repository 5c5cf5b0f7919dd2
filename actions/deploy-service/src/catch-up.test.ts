import { expect, test } from 'vitest'
import { catchUp } from './catch-up.ts'
import type { Inspected, Limits, ServiceResult } from './request.ts'
import type { DeploymentTarget, Running } from './target.ts'

const running: Running = { revision: '', images: {}, digests: {}, deployments: [], count: 1, settled: false }
const inspected = (target: Partial<DeploymentTarget>): Inspected => {
  const request = { name: 'edge', target: target as DeploymentTarget, wanted: [], dependsOn: [], allowZero: false }
  return { request, running, expected: {} }
}
const result = (outcome: ServiceResult['outcome']): ServiceResult => ({
  ...{ service: 'edge', outcome, causes: [], digest: '', duration: 1 },
})
const limits: Limits = { timeout: 1_000, failFast: undefined, requestTimeout: 1, smokeTimeout: 1 }
const tools = {
  ...{ pollInterval: 1, aliases: new Map<string, string[]>() },
  clock: { now: () => 0, monotonic: () => 5, sleep: async () => undefined },
  log: {
    info: () => undefined,
    notice: () => undefined,
    warning: () => undefined,
    error: () => undefined,
    group: <T>(_: string, work: () => Promise<T>) => work(),
  },
}

const after = async (
  outcome: ServiceResult['outcome'],
  target: Partial<DeploymentTarget>,
): Promise<ServiceResult | undefined> => {
  const recorded = { results: [result(outcome)], notes: ['Recorded.'], release: 'r' }
  const ended = await catchUp([inspected(target)], recorded, limits, tools, new AbortController().signal)
  expect(ended).toMatchObject({ notes: ['Recorded.'], release: 'r' })
  return ended.results[0]
}

test('what started before the record was written is brought to it, and what is not is red', async () => {
  const hosts = () => [{ id: 'i-1', verdict: 'deployed' }]
  expect(await after('succeeded', { catchUp: async () => undefined, hosts })).toMatchObject({
    outcome: 'succeeded',
    hosts: hosts(),
  })
  expect(await after('no-change', { catchUp: async () => 'i-1 is full' })).toMatchObject({
    outcome: 'failed-not-rolled-back',
    reason: 'the release is recorded, but not every host runs it: i-1 is full; run again to bring it to them',
  })
  const broken = async () => Promise.reject(new Error('denied'))
  expect((await after('succeeded', { catchUp: broken }))?.reason).toContain('denied')
})

test('services without hosts, and those that are red, are left as they are', async () => {
  expect(await after('succeeded', {})).toEqual(result('succeeded'))
  const never = async () => expect.unreachable()
  expect(await after('failed-rolled-back', { catchUp: never })).toEqual(result('failed-rolled-back'))
})
