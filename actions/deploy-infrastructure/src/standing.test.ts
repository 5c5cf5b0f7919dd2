import { expect, it } from 'vitest'
import type { StackResult } from './outcome.ts'
import type { PreparedStack } from './prepare.ts'
import { isUnrecorded, seenBy, standing } from './standing.ts'

/** One record, and runs that one after another prepare and execute. */
const world = () => {
  let record: string | undefined
  let time = Date.parse('2026-11-21T08:00:00Z')
  const log: string[] = []
  return {
    log,
    seen: () => seenBy(record),
    spoil: () => {
      record = 'nonsense'
    },
    state: () => JSON.parse(record ?? '{}'),
    unrecorded: (...kinds: PreparedStack['kind'][]) => isUnrecorded(kinds, record),
    execute: (run: string, seen: string | undefined) =>
      standing({
        before: record,
        seen,
        commit: `commit of ${run}`,
        run,
        now: () => time++,
        write: async (value) => {
          record = value
          log.push(`${JSON.parse(value).state} ${run}`)
        },
      }),
  }
}

const good: StackResult[] = [{ stack: 'a', outcome: 'updated' }]
const bad: StackResult[] = [...good, { stack: 'b', outcome: 'failed-rolled-back' }]

it('is begun once, before the first change, and done after the last', async () => {
  const { execute, seen, state, log } = world()
  const run = execute('r/1', seen())
  await Promise.all([run.begin(), run.begin()])
  await run.begin()
  expect(state()).toMatchObject({ state: 'started', commit: 'commit of r/1', run: 'r/1' })
  await run.end(good)
  expect(state()).toEqual({ state: 'done', commit: 'commit of r/1', run: 'r/1', at: '2026-11-21T08:00:00.001Z' })
  expect(log).toEqual(['started r/1', 'done r/1'])
})

it('is done where nothing was to be changed', async () => {
  const { execute, seen, log } = world()
  await execute('r/1', seen()).end([])
  await execute('r/2', seen()).end([{ stack: 'a', outcome: 'no-change' }])
  expect(log).toEqual(['done r/1', 'done r/2'])
})

it.each<[string, StackResult[]]>([
  ['failed', bad],
  ['was cancelled', [{ stack: 'a', outcome: 'cancelled' }]],
  ['was left', [...good, { stack: 'b', outcome: 'skipped' }]],
])('stays as begun where a stack %s, until the same run or another one brings it', async (_, results) => {
  const { execute, seen, log } = world()
  const prepared = seen()
  const first = execute('r/1', prepared)
  await first.begin()
  await first.end(results)
  const again = execute('r/1', prepared)
  await again.begin()
  await again.end(results)
  await execute('r/1', prepared).end(good)
  const third = execute('r/2', seen())
  await third.begin()
  await third.end(results)
  await execute('r/3', seen()).end(good)
  expect(log).toEqual([...Array(4).fill('started r/1'), 'done r/1', 'started r/2', 'started r/2', 'done r/3'])
})

it('is not done by a run that was prepared before another one changed something, however often it is run again', async () => {
  const { execute, seen, log } = world()
  const prepared = seen()
  const other = execute('r/2', prepared)
  await other.begin()
  await other.end(good)
  for (const _ of ['first', 'again']) {
    const stale = execute('r/1', prepared)
    await stale.begin()
    await stale.end(good)
  }
  expect(log).toEqual(['started r/2', 'done r/2', ...Array(4).fill('started r/1')])
})

it('nor by one that was prepared while another one was under way, which failed or was prepared too early itself', async () => {
  const { execute, seen, log } = world()
  const other = execute('r/1', seen())
  await other.begin()
  const between = seen()
  await other.end(bad)
  await execute('r/2', between).end([])
  expect(log).toEqual(['started r/1', 'started r/1'])
})

it('is done by the next run where both of two were prepared before either was executed, though nothing is left to change', async () => {
  const { execute, seen, unrecorded, log } = world()
  const prepared = seen()
  for (const name of ['r/1', 'r/2']) {
    const run = execute(name, prepared)
    await run.begin()
    await run.end(good)
  }
  expect(log.at(-1)).toBe('started r/2')
  expect(unrecorded('unchanged', 'unchanged')).toBe(true)
  await execute('r/3', seen()).end([])
  expect(log.at(-1)).toBe('done r/3')
  expect(unrecorded('unchanged', 'unchanged')).toBe(false)
})

it('waits for no execution where something is left to change or was left out, or there is nothing', () => {
  const { unrecorded } = world()
  expect([unrecorded('unchanged', 'update'), unrecorded('unchanged', 'left-out'), unrecorded()]).toEqual([false, false, false])
})

it('nothing is begun where that cannot be recorded, and nothing is said about it afterwards', async () => {
  const written: string[] = []
  const write = async (value: string) => {
    written.push(value)
    if (written.length === 1) throw new Error('no answer')
  }
  const run = standing({ before: undefined, seen: '', commit: 'c', run: 'r/1', now: () => 0, write })
  await expect(run.begin()).rejects.toThrow('no answer')
  await run.end(bad)
  expect(written).toHaveLength(1)
})

it('nor by one that left a stack out, nor by runs without a name', async () => {
  const { execute, seen, log } = world()
  await execute('r/1', undefined).end(good)
  const byHand = execute('', seen())
  await byHand.begin()
  await execute('', '').end(good)
  expect(log).toEqual(['started '])
})

it('a record that was spoilt is none', async () => {
  const { execute, seen, spoil, log } = world()
  await execute('r/1', seen()).end(good)
  spoil()
  expect(seen()).toBe('')
  await execute('r/2', seen()).end(good)
  expect(log).toEqual(['done r/1', 'done r/2'])
})
