import { SendCommandCommand } from '@aws-sdk/client-ssm'
import { expect, onTestFinished, test } from 'vitest'
import { type Ec2World, IDS, startEc2World } from './ec2-world.ts'

// What is at work on a host although nobody sees it any more, and hosts that nobody can ask: nothing of it may end as green, or as
// "what ran before runs again".
const open = async (options: Parameters<typeof startEc2World>[0] = {}): Promise<Ec2World> => {
  const world = await startEc2World(options)
  onTestFinished(() => world.close())
  return world
}
const [A = '', B = '', C = ''] = IDS
const all = (tag: string) => ({ [A]: tag, [B]: tag, [C]: tag })
const orders = (world: Ec2World): string[] => world.sent().filter((order) => !order.startsWith('status'))
const releaseOf = (world: Ec2World, run: string, tag: string): string => `${run}-${world.digests[tag]?.slice(7, 19)}`
/** Changes a host now, and back when it has been asked once and is to be asked again. */
const untilAsked = (host: object, changes: object): ((line: string) => void) => {
  Object.assign(host, changes)
  const back = Object.fromEntries(Object.keys(changes).map((key) => [key, undefined]))
  return (line) => void (line.endsWith('it is asked again') && Object.assign(host, back))
}
const started = (line: string, wave: number): boolean => line.startsWith(`  wave ${wave}`)

test('a host whose agent is lost after it was switched keeps the deployment from being green', async () => {
  const world = await open()
  const result = await world.bring('v2', {
    over: { batch: 1 },
    onLine: (line) => {
      if (!started(line, 3)) return
      world.fleet.change(A, { pingStatus: 'ConnectionLost' })
      Object.assign(world.hosts[A] ?? {}, { active: world.placed('v1') })
    },
  })
  expect(result.outcome).toBe('failed-not-rolled-back')
  expect(result.reason).toContain('i-0000000a is not online')
})

test('a switched host that goes offline has not returned, though hosts that are offline are left out', async () => {
  const world = await open()
  Object.assign(world.hosts[B] ?? {}, { unfit: 'no disk' })
  const result = await world.bring('v2', {
    over: { batch: 1, offline: 'skip' },
    onLine: (line) => {
      if (started(line, 2)) world.fleet.change(A, { pingStatus: 'ConnectionLost' })
    },
  })
  expect(result.outcome).toBe('failed-not-rolled-back')
  expect(result.reason).toContain('not every host is back: i-0000000a is not online')
})

test.each(['deploy', 'run'])(
  'a post step right after the kill finds a command (%s) that was not listed yet',
  async (operation) => {
    const world = await open({ factor: 20 })
    world.script('v2', { takes: 60_000, hangs: operation === 'run' })
    const { target } = await world.bring('v1', { pollInterval: 50 })
    const wanted = [{ image: world.imageOf('v2'), digest: world.digests['v2'] ?? '' }]
    const running = await target.read(wanted)
    const deployment = await target.start(wanted, running, undefined)
    const Parameters = { Operation: [operation], Service: ['edge'], Image: [world.imageOf('v2')], Release: [deployment.id] }
    const Comment = `edge ${deployment.id} ${operation} 1`
    await world.ssm.send(new SendCommandCommand({ DocumentName: 'shop-dev-deploy', InstanceIds: [A], Comment, Parameters }))
    const options = { signal: AbortSignal.abort(), deadline: performance.now() + 5_000, failFast: undefined }
    expect((await target.watch(deployment, options)).end).toEqual({ state: 'cancelled', restored: true })
    expect(world.hosts[A]).toMatchObject({ holder: undefined, left: undefined })
    expect(orders(world)).toContain('reconcile a')
    expect(world.runs()).toEqual(all('v1'))
  },
)

test('a program that goes on after its command ended without a verdict is waited for, and taken back', async () => {
  const world = await open()
  Object.assign(world.hosts[A] ?? {}, { outlives: 10_000 })
  world.script('v2', { takes: 60_000 })
  const result = await world.bring('v2', { over: { batch: 1 } })
  expect(result).toMatchObject({ outcome: 'failed-rolled-back', runningDigest: world.digests['v1'] })
  expect(world.hosts[A]?.swaps).toBe(2)
  expect(world.runs()).toEqual(all('v1'))
  expect(orders(world).at(-1)).toBe('rollback a')
})

test('a program that outlives its cancellation is waited for, and taken back', async () => {
  const world = await open()
  const cancelled = new AbortController()
  Object.assign(world.hosts[A] ?? {}, { outlives: 1_000_000 })
  world.script('v2', { takes: 60_000 })
  const onLine = (line: string) => started(line, 1) && setTimeout(() => cancelled.abort(), 100)
  const result = await world.bring('v2', { signal: cancelled.signal, onLine })
  expect(result).toMatchObject({ outcome: 'cancelled', runningDigest: world.digests['v1'] })
  expect(world.hosts[A]?.swaps).toBe(2)
  expect(world.runs()).toEqual(all('v1'))
})

test('a host that took the recorded image before the new one was on record is switched after that', async () => {
  const world = await open()
  const { target, started } = await world.bring('v2')
  const wanted = [{ image: world.imageOf('v2'), digest: world.digests['v2'] ?? '' }]
  const options = { signal: new AbortController().signal, deadline: performance.now() + 20_000, failFast: undefined }
  const catchUp = async () => target.catchUp?.(wanted, started[0]?.previous ?? expect.unreachable(), new Map(), options)
  world.launch('i-0000000d', { pingStatus: undefined })
  setTimeout(() => world.fleet.change('i-0000000d', { pingStatus: 'Online' }), 200)
  expect(await catchUp()).toBeUndefined()
  expect(world.runs()).toEqual({ ...all('v2'), 'i-0000000d': 'v2' })
  world.launch('i-0000000e')
  Object.assign(world.hosts['i-0000000e'] ?? {}, { unfit: 'no disk' })
  expect(await catchUp()).toContain('i-0000000e exit 22')
})

test('a pre-deploy command that a killed run left is waited for, and run again', async () => {
  const world = await open()
  const onLine = untilAsked(world.hosts[A] ?? {}, { holder: releaseOf(world, '6-1', 'v2'), holderOperation: 'run' })
  const result = await world.bring('v2', { preDeploy: ['migrate'], onLine })
  expect(result.outcome).toBe('succeeded')
  expect(result.log).toContain(`  ${A}: ${releaseOf(world, '6-1', 'v2')} holds its lock; it is asked again`)
  expect(orders(world).filter((order) => !order.startsWith('run'))).toEqual(['deploy a', 'deploy bc'])
  expect(orders(world)).toContain('run a')
})

test('a pre-deploy command waits for the deployment that is replaced, and not for one that came later', async () => {
  const world = await open()
  const host = world.hosts[A] ?? {}
  const asked = untilAsked(host, { holder: '6-1-0123456789ab' })
  expect(await world.bring('v2', { preDeploy: ['migrate'], onLine: asked })).toMatchObject({ outcome: 'succeeded' })
  const onLine = (line: string) => line === `  on ${A}` && Object.assign(host, { holder: '9-1-0123456789ab' })
  const late = await world.bring('v3', { preDeploy: ['migrate'], onLine })
  expect(late.reason).toContain('pre-deploy command failed, so no service was touched: i-0000000a: exit 20: ')
})

test('a cancelled pre-deploy command leaves no container', async () => {
  const world = await open()
  world.script('v2', { hangs: true })
  const cancelled = new AbortController()
  const onLine = (line: string) => line === `  on ${A}` && setTimeout(() => cancelled.abort(), 100)
  const result = await world.bring('v2', { preDeploy: ['migrate'], signal: cancelled.signal, onLine })
  expect(result.outcome).toBe('cancelled')
  // For a post step, where the job had been killed.
  expect(result.started).toHaveLength(1)
  expect(orders(world)).toEqual(['run a', 'reconcile a'])
  expect(world.hosts[A]).toMatchObject({ left: undefined })
})

test('a host that a killed deployment had switched goes back with the others, whatever its release was called', async () => {
  const world = await open()
  world.hosts[A] = { active: world.placed('v2', releaseOf(world, '6-1', 'v2')), previous: world.placed('v1', 'boot') }
  Object.assign(world.hosts[B] ?? {}, { unfit: 'no disk' })
  const result = await world.bring('v2', { over: { batch: 1 } })
  expect(result).toMatchObject({ outcome: 'failed-rolled-back', runningDigest: world.digests['v1'] })
  expect(world.runs()).toEqual(all('v1'))
})

test.each([
  ['a host that starts', { holder: 'none' }],
  ['a host that is put in order', { holder: '6-1-0123456789ab', holderOperation: 'reconcile' }],
  ['somebody whose name is not known', { holder: '' }],
])('%s is waited for and supersedes nothing', async (_, holder) => {
  const world = await open()
  let asked: ((line: string) => void) | undefined
  const onLine = (line: string): void => {
    if (started(line, 2)) asked = untilAsked(world.hosts[B] ?? {}, holder)
    asked?.(line)
  }
  expect((await world.bring('v2', { over: { batch: 1 }, onLine })).outcome).toBe('succeeded')
  expect(world.runs()).toEqual(all('v2'))
})

test('what was made anew under our name goes back', async () => {
  const world = await open()
  Object.assign(world.hosts[B] ?? {}, { unfit: 'no disk' })
  const active = world.hosts[A] ?? {}
  const onLine = (line: string) => {
    if (started(line, 2) && active.active) active.active.release += '.again'
  }
  const result = await world.bring('v2', { over: { batch: 1 }, onLine })
  expect(result).toMatchObject({ outcome: 'failed-rolled-back' })
  expect(world.runs()).toEqual(all('v1'))
})
