import type { Service, ServiceEvent } from '@aws-sdk/client-ecs'
import { expect, test } from 'vitest'
import { closerLook, progressOf } from './progress.ts'

const event = (id: string, message: string): ServiceEvent => ({ id, message: `(service api) ${message}` })

const service = (running: number, pending: number, events: ServiceEvent[]): Service => ({
  deployments: [
    { id: 'ours', status: 'PRIMARY', rolloutState: 'IN_PROGRESS', runningCount: running, pendingCount: pending, failedTasks: 0 },
  ],
  events,
})

const first = [event('1', 'has started 1 tasks: (task a).')]
const before = progressOf(service(1, 0, first), 'ours')
const look = (running: number, pending: number, newer: ServiceEvent[]) =>
  closerLook(before, progressOf(service(running, pending, [...newer, ...first]), 'ours', before), 0)

const nothing = { deployment: false, tasks: false }

test('a further task of a rolling deployment is no reason to look closer', () => {
  expect(look(1, 1, [event('2', 'has started 1 tasks: (task b).')])).toEqual(nothing)
  expect(look(1, 2, [event('3', 'has started 1 tasks: (task c).'), event('2', 'has started 1 tasks: (task b).')])).toEqual(
    nothing,
  )
})

test('a task that was started in the place of another is', () => {
  expect(look(1, 0, [event('2', 'has started 1 tasks: (task b).')]).tasks).toBe(true)
  expect(look(1, 1, [event('2', 'has started 2 tasks: (task b) (task c).')]).tasks).toBe(true)
})

test('so are a count that falls, words of trouble, and a long time without a look', () => {
  expect(look(0, 0, []).tasks).toBe(true)
  expect(look(1, 0, [event('2', 'was unable to place a task.')]).tasks).toBe(true)
  expect(closerLook(before, before, 90_000)).toEqual({ deployment: true, tasks: true })
  expect(look(1, 0, [])).toEqual(nothing)
})
