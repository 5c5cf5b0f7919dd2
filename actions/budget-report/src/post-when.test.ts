import { expect, it } from 'vitest'
import type { Status } from './budget.ts'
import { isPosted, NONE, type PostWhen, parseState, stateAfter, turnedRed } from './post-when.ts'

const of = (status: Status, incomplete = false) => [{ status, incomplete, place: { environment: 'prod' } }]
const after = (status: Status) => stateAfter(of(status), NONE, { day: '2026-11-19' })

it.each<[PostWhen, Status, Status | undefined, boolean]>([
  ['always', 'ok', 'ok', true],
  ['over-threshold', 'ok', 'at risk', false],
  ['over-threshold', 'watch', undefined, false],
  ['over-threshold', 'at risk', 'at risk', true],
  ['changed', 'ok', undefined, true],
  ['changed', 'ok', 'ok', false],
  ['changed', 'at risk', 'ok', true],
  ['changed', 'ok', 'over', true],
  ['changed', 'unknown', 'ok', true],
])('%s: %s after %s is posted: %s', (when, now, before, posted) => {
  expect(isPosted(when, of(now), before === undefined ? NONE : after(before))).toBe(posted)
})

it('what is incomplete is always posted, because silence would look like a good report', () => {
  expect(isPosted('over-threshold', of('unknown', true), NONE)).toBe(true)
})

it.each<[Status, Status | undefined, boolean]>([
  ['at risk', 'ok', true],
  ['over', 'at risk', false],
  ['over', undefined, true],
  ['ok', 'over', false],
  ['at risk', 'unknown', true],
])('%s after %s calls somebody: %s', (now, before, called) => {
  expect(turnedRed(of(now), before === undefined ? NONE : after(before))).toBe(called)
})

it('the state survives being written and read, and another environment in it too', () => {
  const dev = stateAfter([{ ...of('ok')[0], place: { environment: 'dev' } } as never], NONE, { day: '2026-11-18' })
  const both = stateAfter(of('over'), dev, { day: '2026-11-19', ts: '1.2' })
  expect(parseState(JSON.stringify(both))).toEqual({ statuses: { dev: 'ok', prod: 'over' }, ts: '1.2', day: '2026-11-19' })
})

it.each(['', '{', '[]', 'null', '{"statuses":null}', '"x"'])('%o is as if there were no state', (text) => {
  expect(parseState(text)).toEqual(NONE)
})

it('what could not be read for once changes nothing of what is remembered', () => {
  const red = after('at risk')
  const unread = stateAfter(of('unknown', true), red, { day: '2026-11-20' })
  expect(turnedRed(of('at risk'), unread)).toBe(false)
})

it('a report that is not posted leaves the message of the day where it stands', () => {
  const posted = stateAfter(of('ok'), NONE, { day: '2026-11-19', ts: '1.2' })
  expect(stateAfter(of('ok'), posted, { day: '2026-11-19' })).toMatchObject({ ts: '1.2', day: '2026-11-19' })
})
