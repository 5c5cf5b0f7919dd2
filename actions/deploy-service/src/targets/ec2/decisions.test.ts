import { describe, expect, test } from 'vitest'
import type { HostVerdict } from '../../../../../lib/host/verdict.ts'
import type { HostBefore, Running } from '../../target.ts'
import { differenceOf } from './document.ts'
import type { Seen } from './perform.ts'
import { compareHosts, mustAnswer } from './prove.ts'
import { beforeOf } from './read.ts'
import { holderOf, inWords, isDeploying, isOfDigest, releaseName } from './release.ts'
import { wayBackOf } from './restore.ts'
import { wavesOf } from './waves.ts'

const OLD = `sha256:${'a'.repeat(64)}`
const NEW = `sha256:${'b'.repeat(64)}`
const imageOf = (digest: string): string => `111111111111.dkr.ecr.eu-west-1.amazonaws.com/app@${digest}`
const seen = (digest: string, active: string, previous = '', over: Partial<HostVerdict> = {}): Seen => ({
  verdict: {
    ...{
      v: 1,
      operation: 'status',
      phase: 'done',
      result: 'reported',
      exit: 0,
      active,
      previous,
      digest,
      image: imageOf(digest),
    },
    ...{ version: '', running: digest !== '', pending: '', holder: '', drain_s: 0, phases: {}, reason: '', log: [], ...over },
  },
})
const silent: Seen = { trouble: 'a: gave no answer', isUnreached: true }

describe('waves', () => {
  test.each([
    [0, 5, []],
    [1, 5, [1]],
    [3, 5, [1, 2]],
    [12, 5, [1, 5, 5, 1]],
    [3, 1, [1, 1, 1]],
    [60, 50, [1, 50, 9]],
  ])('%i hosts in batches of %i', (count, batch, sizes) => {
    const ids = Array.from({ length: count }, (_, index) => `i-${index}`)
    const waves = wavesOf(ids, batch)
    expect(waves.map(({ length }) => length)).toEqual(sizes)
    expect(waves.flat()).toEqual(ids)
  })
})

describe('what a host is to go back to', () => {
  test('to what it runs', () => {
    expect(beforeOf(new Map([['a', seen(OLD, 'old')]]), NEW)).toEqual([
      { id: 'a', release: 'old', digest: OLD, image: imageOf(OLD) },
    ])
  })
  test('with the others, where a deployment of the same image did not end', () => {
    const before = beforeOf(
      new Map([
        // The releases of one image have other names on other hosts.
        ['a', seen(NEW, 'new', 'none', { previous_image: imageOf(OLD) })],
        ['b', seen(OLD, 'old')],
      ]),
      NEW,
    )
    expect(before).toEqual([
      { id: 'a', release: 'none', digest: OLD, image: imageOf(OLD), unfinished: 'new' },
      { id: 'b', release: 'old', digest: OLD, image: imageOf(OLD) },
    ])
  })
  test('to what it runs, where the others run something that it never ran', () => {
    const before = beforeOf(
      new Map([
        ['a', seen(NEW, 'new', 'old', { previous_image: imageOf(`sha256:${'9'.repeat(64)}`) })],
        ['b', seen(OLD, 'old')],
      ]),
      NEW,
    )
    expect(before[0]).toMatchObject({ release: 'new', digest: NEW })
  })
  test('in the order of the ids, whichever host answered first', () => {
    const answers = ['c', 'a', 'b'].map((id): [string, Seen] => [id, seen(OLD, 'old')])
    expect(beforeOf(new Map(answers), NEW).map(({ id }) => id)).toEqual(['a', 'b', 'c'])
  })
  test('to nothing, where nothing runs', () => expect(beforeOf(new Map([['a', seen('', '')]]), NEW)).toEqual([{ id: 'a' }]))
})

describe('the way back of one host', () => {
  const was: HostBefore = { id: 'a', release: 'old', image: imageOf(OLD), digest: OLD }
  const running = (hosts: HostBefore[]): Running => ({
    ...{ revision: '', images: { edge: imageOf(OLD) }, digests: { edge: OLD }, deployments: [], count: 1, settled: false, hosts },
  })
  test.each<[string, Seen | undefined, HostBefore[], object]>([
    ['runs it already', seen(OLD, 'old'), [was], { do: 'nothing' }],
    ['was switched', seen(NEW, 'ours', 'old'), [was], { do: 'rollback', release: 'old', digest: OLD }],
    ['runs nothing any more', seen('', 'ours', 'old'), [was], { do: 'rollback', release: 'old' }],
    ['came up meanwhile', seen(NEW, 'ours', 'boot'), [], { do: 'rollback', release: 'boot', digest: OLD }],
    [
      'was switched by somebody else',
      seen(NEW, 'theirs', 'old'),
      [was],
      { do: 'leave', reason: expect.stringContaining('theirs') },
    ],
    [
      'ran nothing and is switched',
      seen(NEW, 'ours'),
      [{ id: 'a' }],
      { do: 'leave', reason: expect.stringContaining('nothing ran') },
    ],
    ['ran nothing and runs nothing', seen('', ''), [{ id: 'a' }], { do: 'nothing' }],
    ['made anew what it was given when it started', seen(NEW, 'none.again', 'none'), [was], { do: 'rollback', release: 'old' }],
    ['was made anew after it was switched', seen(NEW, 'ours.again', 'ours'), [was], { do: 'rollback', release: 'old' }],
    [
      'was switched by an earlier deployment that did not end',
      seen(NEW, 'earlier', 'old'),
      [{ ...was, unfinished: 'earlier' }],
      { do: 'rollback', release: 'old', digest: OLD },
    ],
    [
      'has our program at work',
      seen(OLD, 'old', '', { holder: 'ours', holder_operation: 'deploy' }),
      [was],
      { do: 'leave', reason: expect.stringContaining("'ours' is at work on it (deploy)") },
    ],
    [
      'was left in the middle of it',
      seen(OLD, 'old', '', { pending: 'ours' }),
      [was],
      { do: 'leave', reason: expect.stringContaining('half done') },
    ],
    ['gives no answer', silent, [was], { do: 'leave', reason: 'a: gave no answer' }],
    ['was not asked', undefined, [was], { do: 'leave' }],
    ['was left out', seen(NEW, 'x'), [{ id: 'a', skipped: true }], { do: 'nothing' }],
  ])('that %s', (_, now, hosts, way) => expect(wayBackOf('a', now, running(hosts), 'ours')).toMatchObject(way))
})

describe('proof', () => {
  const expected = { digestOf: () => NEW, aliases: new Map([[NEW, [`sha256:${'c'.repeat(64)}`]]]), version: 'src-1' }
  const all = (...each: Seen[]) => new Map(each.map((one, index) => [`i-${index}`, one]))
  test.each<[string, Map<string, Seen>, string[], object]>([
    ['every host runs it', all(seen(NEW, 'n'), seen(NEW, 'n')), [], { proven: true, digest: NEW }],
    ['one runs the child of the index', all(seen(`sha256:${'c'.repeat(64)}`, 'n')), [], { proven: true }],
    [
      'one runs another',
      all(seen(NEW, 'n'), seen(OLD, 'o')),
      [],
      { proven: false, digest: OLD, problem: expect.stringContaining('i-1 runs') },
    ],
    [
      'one runs nothing',
      all(seen(NEW, 'n'), seen('', '')),
      [],
      { proven: false, problem: expect.stringContaining('runs nothing') },
    ],
    ['one is not reached by its proxy', all(seen(NEW, 'n', '', { running: false })), [], { proven: false }],
    [
      'something is at work on one',
      all(seen(NEW, 'n', '', { holder: 'x', holder_operation: 'deploy' })),
      [],
      { proven: false, problem: "host i-0: 'x' is at work on it (deploy)" },
    ],
    ['one was left half done', all(seen(NEW, 'n', '', { pending: 'x' })), [], { proven: false }],
    ['one gives no answer', all(seen(NEW, 'n'), silent), [], { proven: false }],
    ['one cannot be asked', all(seen(NEW, 'n')), ['i-9 is not online'], { proven: false, problem: 'i-9 is not online' }],
    [
      'one answers with another tag',
      all(seen(NEW, 'n', '', { version: 'src-2' })),
      [],
      { proven: false, problem: expect.stringContaining('src-2') },
    ],
    ['there is none', all(), [], { proven: false, problem: 'no host could be asked' }],
  ])('%s', (_, hosts, others, proof) => expect(compareHosts(hosts, others, expected)).toMatchObject(proof))

  test('each host runs what it ran before, though they differ', () => {
    const before = { digestOf: (id: string) => (id === 'i-0' ? OLD : NEW), aliases: new Map() }
    expect(compareHosts(all(seen(OLD, 'o'), seen(NEW, 'n')), [], before)).toEqual({ proven: true, digest: OLD })
  })
})

test('a release is named by the run and the image, and is found by both', () => {
  expect(releaseName('12 3', NEW, 0)).toBe('12-3-bbbbbbbbbbbb')
  expect(releaseName(' ', NEW, 36)).toBe('by-hand-10-bbbbbbbbbbbb')
  expect(isOfDigest('12-3-bbbbbbbbbbbb', NEW)).toBe(true)
  expect(isOfDigest('12-3-bbbbbbbbbbbb', OLD)).toBe(false)
  expect(inWords('12-3-bbbbbbbbbbbb', 'https://github.com/acme/shop/actions/runs/7')).toContain('/actions/runs/12 (attempt 3')
})

describe('who holds the lock of a host', () => {
  const [busy, ours] = [{ exit: 20 }, '7-1-bbbbbbbbbbbb']
  test.each<[string, Partial<HostVerdict>, boolean | undefined]>([
    ['nobody', {}, undefined],
    ['a deployment', { ...busy, holder: ours, holder_operation: 'deploy' }, true],
    ['a way back', { ...busy, holder: ours, holder_operation: 'rollback' }, true],
    ['a pre-deploy command', { ...busy, holder: ours, holder_operation: 'run' }, false],
    ['what puts the host in order', { ...busy, holder: ours, holder_operation: 'reconcile' }, false],
    ['the start of the host', { ...busy, holder: 'none', holder_operation: 'deploy' }, false],
    ['somebody whose name was not found', { ...busy, holder: '', holder_operation: '' }, false],
  ])('%s', (_, over, brings) => {
    const holder = holderOf((seen(OLD, 'old', '', over) as { verdict: HostVerdict }).verdict)
    expect(holder && isDeploying(holder)).toBe(brings)
  })
})

test('a host that was reached, or ran what ran before, is missed when it cannot be reached', () => {
  const fleet = { offline: 'skip' as const, reached: new Set(['a']) }
  const unreached = { kind: 'unreached' as const, sentence: '' }
  const before: HostBefore[] = [
    { id: 'b', digest: OLD },
    { id: 'c', skipped: true },
  ]
  const missed = ['a', 'b', 'c', 'd'].filter((id) => mustAnswer(fleet, id, unreached, before))
  expect(missed).toEqual(['a', 'b'])
  expect(mustAnswer({ reached: new Set() }, 'd', unreached)).toBe(true)
  expect(mustAnswer({ reached: new Set() }, 'd', { kind: 'starting', sentence: '' })).toBe(false)
})

test('documents are compared as values', () => {
  expect(differenceOf({ a: 1, b: [{ c: 2 }] }, { b: [{ c: 2 }], a: 1 })).toBeUndefined()
  expect(differenceOf({ a: { b: ['x'] } }, { a: { b: ['y'] } })).toBe('a.b.0')
  expect(differenceOf({ a: 1, more: 2 }, { a: 1 })).toBe('more')
  expect(differenceOf(undefined, { a: 1 })).toBe('the whole')
  // CloudFormation hands numbers of a template on as text.
  expect(differenceOf({ maxChars: '8192' }, { maxChars: 8192 })).toBeUndefined()
  expect(differenceOf({ maxChars: '8193' }, { maxChars: 8192 })).toBe('maxChars')
  expect(differenceOf({ a: 'undefined' }, {})).toBe('a')
  expect(differenceOf({ a: 'null' }, { a: null })).toBe('a')
})
