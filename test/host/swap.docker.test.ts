import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { useEngine } from '../../local/engine/engine.case.ts'
import { startLoad } from './load.ts'
import type { HostVariant } from './programs.ts'
import { type HostWorld, startHostWorld, type WorldHost } from './world.ts'

/**
 * Eight clients on kept connections that never try again, and four that wait three seconds for each answer, throughout. In CI about a
 * tenth of the requests; `SLIPWAY_LOAD=full npx vitest run --config vitest.docker.config.ts test/host/swap` sends more than 80,000.
 */
const full = process.env['SLIPWAY_LOAD'] === 'full'
const SWAPS = full ? 14 : 3
const REPEATS = full ? 2 : 1
const KILLS = full ? 12 : 2
const PAUSE = full ? 15 : 150

/** Every point at which the program can be made to die. */
const FAULTS = [
  ...['reconcile', 'started', 'healthy', 'pending', 'both', 'routed', 'baked'],
  ...['restarts', 'rests', 'remembered', 'predecessor', 'activated', 'committed', 'drained', 'stopped'],
]

useEngine()

let world: HostWorld
let host: WorldHost
let load: ReturnType<typeof startLoad>
const total = { requests: 0, slow: 0, failed: 0 }
let releases = 0

const release = (): string => {
  releases += 1
  return `r${releases}`
}

/** Deploys and expects that it worked. */
const swap = async (variant: HostVariant): Promise<string> => {
  const name = release()
  const { code, stdout, verdict } = await host.deploy(variant, name, { version: variant })
  expect(code, stdout).toBe(0)
  expect(verdict).toMatchObject({
    result: 'deployed',
    active: name,
    digest: world.digests[variant],
    version: variant,
    running: true,
  })
  return name
}

/** As of now. What was in flight then is seen by the next who asks, and at the end. */
const expectNoFailure = (): void => expect(load.load.failures).toEqual([])

const count = async (expected: number, cut = false): Promise<string[]> => {
  const { requests, slow, failures } = await load.stop(cut)
  total.requests += requests
  total.slow += slow
  total.failed += failures.length - expected
  return failures
}

beforeAll(async () => {
  world = await startHostWorld()
  host = await world.host({ BAKE_SECONDS: full ? '2' : '1' })
  await swap('v1')
})

afterAll(async () => {
  await world?.close()
  console.log(`swap under load: ${total.requests} requests, of these ${total.slow} slow, ${total.failed} failed that must not`)
})

beforeEach(() => host.set({ HEALTH_TIMEOUT: '60', DRAIN_TIMEOUT: '20' }))

describe('no request fails', () => {
  beforeAll(() => {
    load = startLoad(host.address, { pause: PAUSE })
  })

  afterAll(async () => {
    expect(await count(0)).toEqual([])
    expect(load.load.requests).toBeGreaterThan(2_000)
    expect(load.load.slow).toBeGreaterThan(40)
  })

  test(`in ${SWAPS} swaps`, { timeout: 600_000 }, async () => {
    for (let each = 0; each < SWAPS; each += 1) await swap(each % 2 === 0 ? 'v2' : 'v1')
    expectNoFailure()
    expect(await host.containers()).toHaveLength(1)
  })

  test('when it goes back to the release before, which is started again, and a second time does nothing', async () => {
    const [active = '', previous = ''] = [await host.state('active'), await host.state('previous')].map(
      (text) => text?.split(' ')[0],
    )
    const before = (await host.containers('--all')).includes(previous)
    const back = await host.start('rollback', { release: previous })
    expect(back.verdict, back.stdout).toMatchObject({
      exit: 0,
      result: 'rolled-back',
      active: previous,
      previous: active,
      running: true,
    })
    expect(back.verdict?.phases['pull']).toBeUndefined()
    expect(before).toBe(true)
    expect((await host.start('rollback', { release: previous })).verdict).toMatchObject({
      exit: 0,
      result: 'noop',
      active: previous,
    })
    expectNoFailure()
  })

  test('when the same image is deployed again: nothing is done', async () => {
    const name = await swap('v3')
    const again = await host.deploy('v3', release(), { version: 'v3' })
    expect(again.verdict).toMatchObject({ exit: 0, result: 'noop', active: name })
    expectNoFailure()
  })

  for (const [variant, why, reason] of [
    ['sick', 'never becomes healthy', /^the container was not healthy within 3 s: \/healthz answered 503 sick$/],
    ['hangs', 'hangs at its start', /^the container was not healthy within 3 s: \/healthz answered curl: \(7\) /],
    ['crash', 'exits at its start', /^the container ended before it was healthy; it exited with code 3$/],
    ['broken', 'is healthy and answers its smoke test with an error', /^before it got requests, \/ answered 500 broken$/],
  ] as const) {
    test(`when the candidate ${why}`, async () => {
      if (variant === 'sick' || variant === 'hangs') await host.set({ HEALTH_TIMEOUT: '3' })
      const active = (await host.state('active'))?.split(' ')[0]
      const { code, verdict, stdout } = await host.deploy(variant, release())
      expect(code, stdout).toBe(24)
      expect(verdict).toMatchObject({ phase: 'gate', result: 'failed', active, running: true })
      expect(verdict?.reason).toMatch(reason)
      expectNoFailure()
      expect(await host.containers()).toEqual([active])
      expect((await host.containers('--all')).length).toBeLessThanOrEqual(3)
    })
  }

  test('when the candidate answers with another content tag', async () => {
    const { verdict } = await host.deploy('v1', release(), { version: 'src-of-another' })
    expect(verdict).toMatchObject({ exit: 24, reason: '/version answers with version v1, expected src-of-another' })
    expectNoFailure()
  })

  test('when two deployments start at once: the second ends at once and says who is at work', async () => {
    const [one, other] = [release(), release()]
    const first = host.deploy('v1', one)
    await expect.poll(() => host.state('holder'), { timeout: 10_000 }).toContain(one)
    const second = await host.deploy('v2', other)
    expect(second.verdict).toMatchObject({ exit: 20, result: 'busy', holder: one })
    expect((await host.start('status')).verdict).toMatchObject({ exit: 0, result: 'reported', holder: one })
    expect((await first).verdict).toMatchObject({ exit: 0, result: 'deployed', active: one })
    expectNoFailure()
  })

  describe.each(Array.from({ length: REPEATS }, (_, repeat) => repeat + 1))('round %i: when the program is killed', (round) => {
    test.each(FAULTS)('at %s, and run again', async (point) => {
      const variant = (['v1', 'v2', 'v3'] as const)[(FAULTS.indexOf(point) + round) % 3] ?? 'v1'
      const name = release()
      const killed = await host.deploy(variant, name, { env: { SLIPWAY_FAULT: point } })
      expect([killed.signal, killed.stdout]).toEqual(['SIGKILL', ''])
      const again = await host.deploy(variant, name, { version: variant })
      expect(again.verdict, again.stdout).toMatchObject({
        exit: 0,
        active: name,
        pending: '',
        digest: world.digests[variant],
        running: true,
      })
      expectNoFailure()
      expect(await host.containers()).toEqual([name])
      expect(again.verdict?.previous).not.toBe(name)
      expect(await host.restarting()).toEqual([name])
    })
  })

  test('when it is killed with all that it started, at any time, and run again', { timeout: 600_000 }, async () => {
    for (let kill = 0; kill < KILLS; kill += 1) {
      const variant = (await host.get('/')) === 'v1' ? 'v2' : 'v1'
      const name = release()
      await host.deploy(variant, name, { killAfter: 300 + ((kill + 0.5) / KILLS) * 6_000 })
      const again = await host.deploy(variant, name, { version: variant })
      expect(again.verdict, again.stdout).toMatchObject({ exit: 0, active: name, pending: '', running: true })
      expect(await host.containers()).toEqual([name])
      expectNoFailure()
    }
  })

  test('when it is killed after the switch and only reconciled: what was committed serves', async () => {
    const active = (await host.state('active'))?.split(' ')[0]
    const variant = (await host.get('/')) === 'v1' ? 'v2' : 'v1'
    await host.deploy(variant, release(), { env: { SLIPWAY_FAULT: 'routed' } })
    const { verdict } = await host.start('reconcile')
    expect(verdict).toMatchObject({ exit: 0, result: 'reconciled', active, running: true, pending: '' })
    expectNoFailure()
    expect(await host.containers()).toEqual([active])
  })
})

test('a version that turns bad with the switch costs the requests until it is switched back, and no more', async () => {
  const active = (await host.state('active'))?.split(' ')[0]
  load = startLoad(host.address, { pause: PAUSE })
  const { code, verdict, stdout } = await host.deploy('turns', release())
  expect(code, stdout).toBe(25)
  expect(verdict).toMatchObject({ phase: 'bake', active, running: true, pending: '' })
  expect(verdict?.reason).toMatch(/^after the switch, \/ answered 500 turns/)
  const [at, failed] = [load.load.requests, load.load.failures.length]
  await expect.poll(() => load.load.requests, { timeout: 20_000 }).toBeGreaterThan(at + 100)
  const failures = await count(failed)
  expect(failures).toHaveLength(failed)
  expect(failed).toBeGreaterThan(0)
  expect(failures.filter((failure) => !failure.includes(': 500 turns'))).toEqual([])
})

test('requests that are longer than the drain are cut, exactly those', async () => {
  await host.set({ DRAIN_TIMEOUT: '1' })
  load = startLoad(host.address, { pause: PAUSE, slowFor: 60_000 })
  await expect.poll(() => load.load.slow, { timeout: 10_000 }).toBe(4)
  const { verdict, stdout } = await host.deploy((await host.get('/')) === 'v1' ? 'v2' : 'v1', release())
  expect(verdict, stdout).toMatchObject({ exit: 0, result: 'deployed' })
  expect(stdout).toContain('4 requests on')
  await expect.poll(() => load.load.failures.length, { timeout: 10_000 }).toBe(4)
  const failures = await count(4, true)
  expect(failures).toHaveLength(4)
  expect(failures.filter((failure) => !failure.includes('/slow'))).toEqual([])
})
