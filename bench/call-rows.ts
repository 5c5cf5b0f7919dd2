import { isChange, type RecordedCall } from '../local/aws/recorder.ts'
import type { Step } from '../local/github/step.ts'
import { milliseconds, type Row } from './figure.ts'
import { busiest, type Interval, rounds } from './rounds.ts'

/** Milliseconds of a request that are longer than the action takes to load anything: only calls that wait for each other's answers do not overlap. */
export const FAR = 400
const MOST_BEFORE = 9
const MOST_ROUNDS = 3
const MOST_CALLS = 90
const MOST_A_SECOND = 0.5

/** Seen from the action: half of the way to the cloud lies before the recorded moment, half after. */
const interval = ({ time, milliseconds = 0 }: RecordedCall, latency: number): Interval => ({
  from: time - latency / 2,
  to: time + milliseconds + latency / 2,
})

const named = (calls: readonly RecordedCall[]): string =>
  [...Map.groupBy(calls, ({ operation }) => operation)].map(([name, each]) => `${each.length} ${name}`).join(', ')

export type Before = { calls: RecordedCall[]; rounds: number }

/** What came before the first write of a step whose every request took `FAR`. */
export const beforeWriting = (calls: readonly RecordedCall[]): Before => {
  const first = calls.findIndex(isChange)
  if (first < 0) throw new Error('the step wrote nothing')
  const before = calls.slice(0, first)
  return { calls: before, rounds: rounds(before.map((call) => interval(call, FAR))) }
}

/** `which` names the service that was deployed; `promised`: whether the design names a limit for it. */
export const beforeRow = (seen: readonly Before[], which: string, promised = true): Row => {
  const most = seen.toSorted((one, other) => other.calls.length - one.calls.length)[0]
  const count = most?.calls.length ?? Number.NaN
  // Processor time that is short can part two calls that do not wait for each other, never join two that do.
  const least = Math.min(...seen.map((each) => each.rounds))
  return {
    what: `calls before the first write, ${which} (count)`,
    how:
      `calls in the recorder before the first that is not a Describe, List, Get, BatchGet, AssumeRole or a question to a host; every request takes ${FAR} ms, ` +
      'and the rounds are the longest chain of calls that do not overlap; the most calls and the fewest rounds of all runs; one service by plain inputs, key in the environment',
    result: `${count} in ${least} rounds (${named(most?.calls ?? [])}), n ${seen.length}`,
    target: promised ? `≤ ${MOST_BEFORE} in ≤ ${MOST_ROUNDS} rounds` : '',
    ...(promised && { met: count <= MOST_BEFORE && least <= MOST_ROUNDS }),
    samples: seen.map(({ calls }) => calls.length),
  }
}

export type Whole = { which: string; calls: readonly RecordedCall[]; step: Step }

export const wholeRow = ({ which, calls, step }: Whole): Row => {
  const rate = (calls.length / step.milliseconds) * 1000
  const peak = busiest(
    calls.map((call) => interval(call, 0)),
    10_000,
  )
  return {
    what: `calls of a deployment of three minutes, ${which} (count)`,
    how: 'every AWS call of one whole step in the recorder, in real time, default inputs; a second is one of the length of the step',
    result: `${calls.length} in ${milliseconds(step.milliseconds)}, ${rate.toFixed(2)} a second, at most ${peak} in 10 s (${named(calls)})`,
    target: `≤ ${MOST_CALLS}, ≤ ${MOST_A_SECOND} a second`,
    met: calls.length <= MOST_CALLS && rate <= MOST_A_SECOND,
    samples: [calls.length],
  }
}
