import { expect, it } from 'vitest'
import type { Session } from '../../../../../lib/aws/session.ts'
import type { Deployment, Running, TargetTools } from '../../target.ts'
import { lambdaTarget } from './target.ts'

type Answer = (name: string, version: string | undefined) => Promise<void> | undefined

/**
 * A post step: this run has brought version 2 to all functions, and somebody else version 9 to those that are `theirs`. Told of
 * every read before it is answered, `first` may take time, or fail.
 */
const postStep = async (
  first: (read: string, wait: TargetTools['clock']['sleep']) => ReturnType<Answer>,
  theirs: string[] = [],
) => {
  let now = 0
  const sent: string[] = []
  const versions = new Map(['events', 'worker'].map((name) => [name, theirs.includes(name) ? '9' : '2']))
  const digests: Record<string, string> = { 1: 'old', 2: 'new', 9: 'other', $LATEST: 'old' }
  const sleep = async (time: number): Promise<void> => {
    now += time
  }
  const send = async (command: { constructor: { name: string }; input: Record<string, string> }) => {
    const { FunctionName: name = '', Qualifier: version = '$LATEST', FunctionVersion } = command.input
    const kind = command.constructor.name
    if (kind === 'UpdateAliasCommand') {
      sent.push(`${name} ${FunctionVersion}`)
      versions.set(name, FunctionVersion ?? '')
      return { RevisionId: 'r' }
    }
    await first(kind === 'GetAliasCommand' ? `alias ${name}` : `${name}:${version}`, sleep)
    if (kind === 'GetAliasCommand') return { FunctionVersion: versions.get(name), RevisionId: 'r' }
    return {
      Configuration: { Version: version, CodeSha256: digests[version], State: 'Active', LastUpdateStatus: 'Successful' },
    }
  }
  const session = { client: () => ({ send }), clientWithoutRetry: () => ({ send }) } as unknown as Session
  const clock = { now: () => now, monotonic: () => now, sleep }
  const tools = { clock, pollInterval: 1_000, log: { info: () => undefined, warning: () => undefined } } as unknown as TargetTools
  const functions = [...versions.keys()].map((name) => ({ name }))
  const options = { kind: 'lambda' as const, alias: 'live', run: '7 1', registry: {} as never, functions }
  const target = await lambdaTarget(session, tools, options)
  const before = { version: '1', latest: 'app@sha256:old' }
  const running = { functions: { events: before, worker: before } } as unknown as Running
  const deployment: Deployment = {
    id: 'slipway-7-1-x',
    revision: '',
    previous: running,
    startedAt: 0,
    images: { events: 'app@sha256:new', worker: 'app@sha256:new' },
  }
  const watch = (deadline: number) => target.watch(deployment, { signal: AbortSignal.abort(), deadline, failFast: undefined })
  return { watch, restore: (deadline: number) => target.restore(running, deployment.id, deadline), sent, time: () => now }
}

const throttle = (): never => {
  throw Object.assign(new Error('Rate exceeded'), { name: 'TooManyRequestsException' })
}

it('looks back no longer than the post step lasts, and takes back what it then finds, late as it is', async () => {
  let reads = 0
  const step = await postStep(async (read, wait) => {
    if (read !== 'alias events') return
    reads += 1
    await wait(reads > 2 ? 0 : 50_000)
    if (reads <= 2) throttle()
  })
  expect((await step.watch(90_000)).end).toEqual({ state: 'cancelled', restored: false })
  expect(step.time()).toBeLessThan(105_000)
  expect(await step.restore(90_000)).toBeUndefined()
  expect(step.sent.toSorted()).toEqual(['events 1', 'worker 1'])
})

it('asks what a version is of no longer than the way back may last', async () => {
  let isSlow = false
  const step = await postStep(async (read, wait) => {
    if (!isSlow || read !== 'events:2') return
    await wait(20_000)
    throttle()
  })
  expect((await step.watch(30_000)).end).toEqual({ state: 'completed' })
  isSlow = true
  await expect(step.restore(30_000)).rejects.toThrow('its time is over')
  expect(step.time()).toBeLessThan(45_000)
  expect(step.sent).toEqual(['worker 1'])
})

/** Somebody else has `events`; the alias of `worker` is read once, and then refused after so many milliseconds each time. */
const withSlowWorker = (milliseconds: number) => {
  let reads = 0
  const slow = async (read: string, wait: (time: number) => Promise<unknown>): Promise<void> => {
    if (read !== 'alias worker') return
    reads += 1
    if (reads === 1) return
    await wait(milliseconds)
    throttle()
  }
  return postStep(slow, ['events'])
}

it('leaves off with the functions that are not somebody else’s when the post step is over', async () => {
  const step = await withSlowWorker(15_000)
  const { end } = await step.watch(40_000)
  expect(end).toMatchObject({ state: 'failed', restored: false, reason: expect.stringContaining('its time is over') })
  expect(step.time()).toBeLessThan(50_000)
})

it('gives what another deployment has left a minute to go back', async () => {
  const step = await withSlowWorker(13_000)
  expect((await step.watch(600_000)).end).toMatchObject({ reason: expect.stringContaining('its time is over') })
  expect(step.time()).toBeLessThan(75_000)
})

it('takes an alias of ours back once, though the time is over before the first request', async () => {
  const step = await postStep((_, wait) => wait(50_000), ['events'])
  expect((await step.watch(40_000)).end).toMatchObject({ state: 'superseded', by: expect.stringContaining('events:9') })
  expect(step.sent).toEqual(['worker 1'])
})
