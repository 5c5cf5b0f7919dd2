import fc from 'fast-check'
import { expect, test } from 'vitest'
import { holderAt, type LeaseState, type LockRecord, type LockVersion, leaseAfter } from './lease.ts'

const LASTS = 100
const GRACE = 20

type Act = { owner: string; wait: number; state: LockRecord['state']; seesUpTo: number }
const act = fc.record<Act>({
  owner: fc.constantFrom('a', 'b', 'c'),
  wait: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 110, max: 140 })),
  state: fc.oneof(
    { weight: 4, arbitrary: fc.constant('held' as const) },
    { weight: 1, arbitrary: fc.constant('released' as const) },
  ),
  // How many versions behind the writer's last look was.
  seesUpTo: fc.integer({ min: 0, max: 3 }),
})

const record = (owner: string, state: LockRecord['state'], seen?: LeaseState): string =>
  JSON.stringify({
    state,
    owner,
    purpose: 'deploy',
    run: `run-${owner}`,
    expires: '',
    lasts: state === 'held' ? LASTS : 0,
    grace: state === 'held' ? GRACE : 0,
    ...(seen && { seen }),
  })

/** What SSM holds after everybody wrote whatever they liked, each with what it had read before. */
const historyOf = (acts: readonly Act[]): LockVersion[] => {
  const history: LockVersion[] = []
  let at = 0
  for (const { owner, wait, state, seesUpTo } of acts) {
    at += wait
    const seen = leaseAfter(history.slice(0, Math.max(history.length - seesUpTo, 0)))
    history.push({ version: history.length + 1, at, value: record(owner, state, seen) })
  }
  return history
}

const histories = fc.array(act, { minLength: 1, maxLength: 60 }).map(historyOf)
const heldBy = (history: readonly LockVersion[], now: number): string | undefined => holderAt(leaseAfter(history), now)?.owner

test('a holder is followed by another only after it released or ran out', () => {
  fc.assert(
    fc.property(histories, (history) => {
      for (let length = 1; length < history.length; length += 1) {
        const before = leaseAfter(history.slice(0, length)).holder
        const after = leaseAfter(history.slice(0, length + 1)).holder
        const written = history[length] as LockVersion
        const { owner, state }: LockRecord = JSON.parse(written.value)
        if (before === undefined || after?.owner === before.owner) continue
        const isReleased = after === undefined && state === 'released' && owner === before.owner
        expect(isReleased || written.at > before.until).toBe(true)
      }
    }),
  )
})

test('nobody holds for longer than since its own last claim, and only who claimed holds', () => {
  fc.assert(
    fc.property(histories, fc.nat(300), (history, later) => {
      const now = (history.at(-1)?.at ?? 0) + later
      const owner = heldBy(history, now)
      if (owner === undefined) return
      const claims = history.filter(({ value }) => value.includes(`"state":"held","owner":"${owner}"`))
      expect(now - (claims.at(-1)?.at ?? 0)).toBeLessThanOrEqual(LASTS + GRACE)
    }),
  )
})

test('what a reader sees of a history that AWS has cut gives the same answer as the whole', () => {
  fc.assert(
    fc.property(histories, fc.integer({ min: 5, max: 30 }), (history, kept) => {
      expect(leaseAfter(history.slice(-kept))).toEqual(leaseAfter(history))
    }),
  )
})

test('where nobody wrote what came before the cut, no claim is valid until one has lasted that long without another', () => {
  const claim = (version: number, at: number, owner: string): LockVersion => ({ version, at, value: record(owner, 'held') })
  expect(heldBy([claim(50, 0, 'a')], 10)).toBe('')
  expect(heldBy([claim(50, 0, 'a'), claim(51, 100, 'b')], 130)).toBe('')
  expect(heldBy([claim(50, 0, 'a'), claim(51, 121, 'b')], 130)).toBe('b')
})

test.each<[string, [number, string, LockRecord['state']][], number, string | undefined]>([
  ['the first claim holds', [[0, 'a', 'held']], 10, 'a'],
  [
    'the second of two claims does not',
    [
      [0, 'a', 'held'],
      [1, 'b', 'held'],
    ],
    10,
    'a',
  ],
  [
    'a claim that failed is not valid later either',
    [
      [0, 'a', 'held'],
      [1, 'b', 'held'],
    ],
    121,
    undefined,
  ],
  [
    'after a release the next claim holds',
    [
      [0, 'a', 'held'],
      [1, 'a', 'released'],
      [2, 'b', 'held'],
    ],
    10,
    'b',
  ],
  [
    'a release by somebody else counts for nothing',
    [
      [0, 'a', 'held'],
      [1, 'b', 'released'],
    ],
    10,
    'a',
  ],
  [
    'a claim within the grace is too early',
    [
      [0, 'a', 'held'],
      [119, 'b', 'held'],
    ],
    119,
    'a',
  ],
  [
    'a claim after expiry and grace holds',
    [
      [0, 'a', 'held'],
      [121, 'b', 'held'],
    ],
    121,
    'b',
  ],
  [
    'a renewal that comes late does not take back',
    [
      [0, 'a', 'held'],
      [121, 'b', 'held'],
      [122, 'a', 'held'],
    ],
    130,
    'b',
  ],
  [
    'a renewal in time holds for longer',
    [
      [0, 'a', 'held'],
      [90, 'a', 'held'],
      [150, 'b', 'held'],
    ],
    150,
    'a',
  ],
])('%s', (_, entries, now, owner) => {
  const history = entries.map(([at, who, state], index) => ({ version: index + 1, at, value: record(who, state) }))
  expect(heldBy(history, now)).toBe(owner)
})

test('a job of the same run inherits, and that is told from a new beginning', () => {
  const entry = (version: number, at: number): LockVersion => ({ version, at, value: record('a', 'held') })
  expect(leaseAfter([entry(1, 0), entry(2, 60)]).holder).toMatchObject({ since: 1, until: 180 })
  expect(leaseAfter([entry(1, 0), entry(2, 121)]).holder).toMatchObject({ since: 2 })
})

test.each(['', 'null', '{}', '{"state":"held"}', '{"state":"held","owner":""}', '[1]'])(
  'the value %j counts for nothing',
  (value) => {
    const holds = { version: 1, at: 0, value: record('a', 'held') }
    expect(heldBy([holds, { version: 2, at: 1, value }], 10)).toBe('a')
  },
)
