import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Log } from '../runner/log.ts'
import { memoryParameter, processClock, slowLock, type Treatment, virtualTime } from './lease.case.ts'
import { takeLease } from './lease.ts'

const TIMEOUT = 1_000
const LASTS = 12_000
const END = 400_000

const quiet: Log = { info: () => {}, notice: () => {}, warning: () => {}, error: () => {}, group: (_, work) => work() }
const calm: Treatment = { skew: 0, stops: [], killedAt: Number.POSITIVE_INFINITY, delays: [10] }

type Write = { at: number; tenure: string }

/** Processes that all want the same lease, and write under it as long as it lets them. When each write took effect. */
const race = async (
  treatments: readonly (Treatment & { owner: string; works: number })[],
  kept = 100,
  settles = 0,
): Promise<Write[]> => {
  const time = virtualTime()
  const parameter = memoryParameter(kept, settles)
  const writes: Write[] = []
  const work = async (treatment: (typeof treatments)[number], index: number): Promise<void> => {
    const clock = processClock(time, treatment)
    const lock = slowLock(time, parameter, clock, treatment, TIMEOUT)
    const given = {
      name: 'shop in dev',
      purpose: 'deploy',
      run: `run-${index}`,
      log: quiet,
      signal: new AbortController().signal,
    }
    const limits = { lasts: LASTS, requestTimeout: TIMEOUT, patience: END, pollInterval: 2_000 }
    const lease = await takeLease({ ...given, ...limits, lock, clock, owner: treatment.owner })
    if (lease === undefined) return
    const until = time.now() + treatment.works
    while (time.now() < until && !lease.lost.aborted) {
      try {
        lease.assertHeld()
      } catch {
        break
      }
      // Sent now, applied within the time after which the request is given up.
      const travels = (treatment.delays[0] ?? 0) % TIMEOUT
      writes.push({ at: time.now() + travels, tenure: `${treatment.owner}` })
      await clock.sleep(700)
    }
    await lease.release()
  }
  for (const [index, treatment] of treatments.entries()) void work(treatment, index).catch(() => undefined)
  await time.run(END)
  return writes.toSorted((one, other) => one.at - other.at)
}

/** Owners in the order in which their writes took effect. */
const order = (writes: readonly Write[]): string[] =>
  writes.map(({ tenure }) => tenure).filter((tenure, index, all) => tenure !== all[index - 1])

const treatment = (owner: string) =>
  fc.record({
    owner: fc.constant(owner),
    works: fc.integer({ min: 1_000, max: 60_000 }),
    skew: fc.oneof(fc.constant(0), fc.integer({ min: -3_600_000, max: 3_600_000 })),
    stops: fc.array(fc.record({ from: fc.nat(100_000), for: fc.integer({ min: 100, max: 60_000 }) }), { maxLength: 2 }),
    killedAt: fc.oneof({ weight: 3, arbitrary: fc.constant(Number.POSITIVE_INFINITY) }, { weight: 1, arbitrary: fc.nat(60_000) }),
    delays: fc.array(fc.oneof({ weight: 6, arbitrary: fc.nat(400) }, { weight: 1, arbitrary: fc.nat(3_000) }), {
      minLength: 3,
      maxLength: 12,
    }),
  })

test('whatever befalls them, no two runs ever write at the same time', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(treatment('a'), treatment('b'), treatment('c')),
      fc.constantFrom(100, 8),
      fc.constantFrom(0, 100),
      async (all, kept, settles) => {
        const seen = order(await race(all, kept, settles))
        expect(new Set(seen).size).toBe(seen.length)
      },
    ),
    { numRuns: 150 },
  )
}, 60_000)

test('runs that nothing befalls go one after the other, and each of them goes', async () => {
  const owners = ['a', 'b', 'c', 'd', 'e']
  const seen = order(await race(owners.map((owner) => ({ ...calm, owner, works: 30_000 }))))
  expect(seen.toSorted()).toEqual(owners)
})

test('of two runs that claim in the same moment AWS turns one away, which then waits', async () => {
  const both = ['a', 'b'].map((owner) => ({ ...calm, owner, works: 5_000 }))
  expect(order(await race(both, 100, 100)).toSorted()).toEqual(['a', 'b'])
})

test('the lease of a killed run is taken over after its expiry and a request timeout, not before', async () => {
  const killed = { ...calm, owner: 'a', works: 60_000, killedAt: 10_000 }
  const writes = await race([killed, { ...calm, owner: 'b', works: 5_000, delays: [50] }])
  const last = writes.findLast(({ tenure }) => tenure === 'a')?.at ?? 0
  const first = writes.find(({ tenure }) => tenure === 'b')?.at ?? 0
  expect(order(writes)).toEqual(['a', 'b'])
  expect(first - last).toBeGreaterThan(LASTS - LASTS / 3)
  expect(first - last).toBeLessThan(LASTS + TIMEOUT + 5_000)
})

test('a run that stood still for longer than its lease writes nothing more', async () => {
  const slow = { ...calm, owner: 'a', works: 120_000, stops: [{ from: 8_000, for: 40_000 }] }
  const writes = await race([slow, { ...calm, owner: 'b', works: 5_000, delays: [50] }])
  expect(order(writes)).toEqual(['a', 'b'])
  expect(writes.findLast(({ tenure }) => tenure === 'a')?.at).toBeLessThan(9_000)
})

test('a lease is kept for longer than AWS keeps its history', async () => {
  const writes = await race(
    [
      { ...calm, owner: 'a', works: 200_000 },
      { ...calm, owner: 'b', works: 5_000, delays: [50] },
    ],
    6,
  )
  expect(order(writes)).toEqual(['a', 'b'])
  expect(writes.findLast(({ tenure }) => tenure === 'a')?.at).toBeGreaterThan(190_000)
})

test('a lease that is handed over stays with its owner for that long, and nobody else gets it before', async () => {
  const time = virtualTime()
  const parameter = memoryParameter(100)
  const taken: { owner: string; at: number }[] = []
  const take = (owner: string) => {
    const clock = processClock(time, calm)
    const lock = slowLock(time, parameter, clock, calm, TIMEOUT)
    const given = { name: 'shop in dev', purpose: 'deploy', run: owner, log: quiet, signal: new AbortController().signal }
    return takeLease({ ...given, lasts: LASTS, requestTimeout: TIMEOUT, patience: END, pollInterval: 2_000, lock, clock, owner })
  }
  const work = async (): Promise<void> => {
    await (await take('first'))?.handOver(100_000)
    void take('other').then(() => taken.push({ owner: 'other', at: time.now() }))
    await time.sleep(60_000)
    const inherited = await take('first')
    taken.push({ owner: 'first', at: time.now() })
    await inherited?.release()
  }
  void work()
  await time.run(END)
  expect(taken.map(({ owner }) => owner)).toEqual(['first', 'other'])
  expect(taken[0]?.at).toBeLessThan(70_000)
})
