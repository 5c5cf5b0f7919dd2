import { expect, it } from 'vitest'
import { Failed, paceOf, Stopped, Superseded, together } from './pace.ts'

const failed = new Failed({ reason: 'it failed', count: 1 })
const superseded = new Superseded('somebody')
const stopped = new Stopped('cancelled')
const unknown = new Error('expired credentials')

it.each([
  ['somebody else before a failure', [failed, superseded, stopped], superseded],
  ['a failure before those that it stopped', [stopped, failed], failed],
  ['what nobody understands before all', [superseded, unknown], unknown],
])('throws %s', async (_, errors, expected) => {
  await expect(together(errors, (error) => Promise.reject(error))).rejects.toBe(expected)
})

it('tells of the first failure at once, and still waits for the others', async () => {
  const order: string[] = []
  const work = async (name: string): Promise<void> => {
    if (name === 'first') throw failed
    await new Promise((resolve) => setTimeout(resolve, 5))
    order.push(name)
  }
  await together(['first', 'second'], work, () => order.push('told')).catch(() => order.push('thrown'))
  expect(order).toEqual(['told', 'second', 'thrown'])
})

it('begins nothing after the signal or the deadline', () => {
  const clock = { now: () => 0, monotonic: () => 10, sleep: async () => undefined }
  const tools = { clock, pollInterval: 1, log: {} as never }
  const { signal } = new AbortController()
  expect(() => paceOf(tools, { signal, deadline: 20 }).check()).not.toThrow()
  expect(() => paceOf(tools, { signal, deadline: 9 }).check()).toThrow('its time is over')
  expect(() => paceOf(tools, { signal: AbortSignal.abort(), deadline: 20 }).check()).toThrow('it was cancelled')
})
