import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isStuck, type PlannedTask, plan, type Situation } from './plan.ts'

/** `2 new healthy` as tasks. */
const tasks = (...groups: [number, 'old' | 'new', PlannedTask['state']][]): PlannedTask[] =>
  groups.flatMap(([count, deployment, state]) =>
    Array.from({ length: count }, (_, index) => ({ id: `${deployment}-${state}-${index}`, deployment, state })),
  )

const situation = (given: Partial<Situation>): Situation => ({
  desired: 2,
  minimumHealthyPercent: 100,
  maximumPercent: 200,
  primary: 'new',
  mayStart: true,
  primaryFailed: false,
  tasks: [],
  ...given,
})

test.each<[string, Partial<Situation>, number, string[]]>([
  ['an empty service starts all', {}, 2, []],
  ['new tasks start before old ones stop', { tasks: tasks([2, 'old', 'healthy']) }, 2, []],
  [
    'an old one stops for each new healthy one',
    { tasks: tasks([2, 'old', 'healthy'], [1, 'new', 'healthy'], [1, 'new', 'starting']) },
    0,
    ['old-healthy-0'],
  ],
  [
    'a new task that runs but is not healthy yet replaces nothing',
    { tasks: tasks([2, 'old', 'healthy'], [2, 'new', 'unhealthy']) },
    0,
    [],
  ],
  [
    'old tasks that are not healthy stop at once',
    { tasks: tasks([1, 'old', 'starting'], [1, 'old', 'unhealthy']) },
    2,
    ['old-starting-0', 'old-unhealthy-0'],
  ],
  ['with 100 and 100 percent nothing moves', { maximumPercent: 100, tasks: tasks([2, 'old', 'healthy']) }, 0, []],
  [
    'with 50 and 100 percent old ones make room',
    { minimumHealthyPercent: 50, maximumPercent: 100, tasks: tasks([2, 'old', 'healthy']) },
    0,
    ['old-healthy-0'],
  ],
  [
    'with 0 percent all old ones stop at once',
    { minimumHealthyPercent: 0, tasks: tasks([2, 'old', 'healthy']) },
    2,
    ['old-healthy-0', 'old-healthy-1'],
  ],
  [
    'the minimum is rounded up',
    { desired: 3, minimumHealthyPercent: 50, tasks: tasks([3, 'old', 'healthy']) },
    3,
    ['old-healthy-0'],
  ],
  ['the maximum is rounded down', { desired: 3, maximumPercent: 150, tasks: tasks([3, 'old', 'healthy']) }, 1, []],
  ['stopping tasks take up room', { maximumPercent: 100, tasks: tasks([2, 'old', 'stopping']) }, 0, []],
  ['nothing starts during a back-off', { mayStart: false }, 0, []],
  [
    'a failed deployment starts nothing and leaves the old tasks',
    { primaryFailed: true, tasks: tasks([2, 'old', 'healthy'], [1, 'new', 'healthy']) },
    0,
    [],
  ],
  [
    'scaling down stops what is not healthy first',
    { tasks: tasks([2, 'new', 'healthy'], [2, 'new', 'starting']) },
    0,
    ['new-starting-1', 'new-starting-0'],
  ],
  [
    'scaling down counts healthy old tasks only above the minimum',
    { desired: 1, tasks: tasks([1, 'old', 'healthy'], [2, 'new', 'healthy']) },
    0,
    ['new-healthy-1', 'old-healthy-0'],
  ],
  [
    'a desired count of 0 stops everything',
    { desired: 0, tasks: tasks([1, 'old', 'healthy'], [1, 'new', 'starting'], [1, 'new', 'stopping']) },
    0,
    ['old-healthy-0', 'new-starting-0'],
  ],
])('%s', (_, given, start, stop) => {
  expect(plan(situation(given))).toEqual({ start, stop })
})

test('a rollout without room in either direction is stuck', () => {
  expect(isStuck(situation({ maximumPercent: 100, tasks: tasks([2, 'old', 'healthy']) }))).toBe(true)
  expect(isStuck(situation({ tasks: tasks([2, 'new', 'healthy']) }))).toBe(false)
})

test('whatever runs, the percentages are kept and no task is stopped twice', () => {
  const task = fc.record({
    id: fc.uuid(),
    deployment: fc.constantFrom('old', 'new'),
    state: fc.constantFrom('starting', 'unhealthy', 'healthy', 'stopping'),
  })
  const arbitrary = fc.record({
    desired: fc.integer({ min: 1, max: 8 }),
    minimumHealthyPercent: fc.integer({ min: 0, max: 100 }),
    maximumPercent: fc.integer({ min: 100, max: 200 }),
    primary: fc.constant('new'),
    mayStart: fc.boolean(),
    primaryFailed: fc.constant(false),
    tasks: fc.uniqueArray(task as fc.Arbitrary<PlannedTask>, { maxLength: 20, selector: ({ id }) => id }),
  })
  fc.assert(
    fc.property(arbitrary, (now) => {
      const { start, stop } = plan(now)
      const healthy = now.tasks.filter(({ state }) => state === 'healthy').length
      const lost = now.tasks.filter(({ id, state }) => state === 'healthy' && stop.includes(id)).length
      const surplus = Math.max(
        0,
        now.tasks.filter(({ deployment, state }) => deployment === 'new' && state !== 'stopping').length - now.desired,
      )
      expect(new Set(stop).size).toBe(stop.length)
      expect(start === 0 || now.tasks.length + start <= Math.floor((now.desired * now.maximumPercent) / 100)).toBe(true)
      const least = Math.min(healthy, Math.ceil((now.desired * now.minimumHealthyPercent) / 100))
      expect(healthy - lost + surplus).toBeGreaterThanOrEqual(least)
      expect(stop.every((id) => now.tasks.find((each) => each.id === id)?.state !== 'stopping')).toBe(true)
    }),
  )
})
