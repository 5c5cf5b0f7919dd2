import type { RecordedCall } from '../../local/aws/recorder.ts'
import type { Step } from '../../local/github/step.ts'
import { type Case, type Running, watchDeployments } from '../deployments.ts'
import { type Figure, milliseconds, type Options, type Row } from '../figure.ts'
import { busiest, type Interval, rounds } from '../rounds.ts'

/** Longer than the action takes to load anything: only calls that wait for each other's answers do not overlap. */
const FAR = 400
const MOST_BEFORE = 9
const MOST_ROUNDS = 3
const MOST_CALLS = 90
const MOST_A_SECOND = 0.5

const isWrite = ({ operation }: RecordedCall): boolean => !/^(Describe|List|Get|BatchGet|AssumeRole)/.test(operation)

/** Seen from the action: half of the way to the cloud lies before the recorded moment, half after. */
const interval = ({ time, milliseconds = 0 }: RecordedCall, latency: number): Interval => ({
  from: time - latency / 2,
  to: time + milliseconds + latency / 2,
})

const named = (calls: readonly RecordedCall[]): string =>
  [...Map.groupBy(calls, ({ operation }) => operation)].map(([name, each]) => `${each.length} ${name}`).join(', ')

type Before = { calls: RecordedCall[]; rounds: number }

/** One world a run, so that every call in it belongs to the one step. */
const beforeWriting = async (options: Options): Promise<Before[]> => {
  const alone = { ...options, runs: 1 }
  const one = async (): Promise<Before> => {
    let mark = 0
    const [calls = []] = await watchDeployments(alone, {
      latency: FAR,
      image: () => ({}),
      ready: ({ cloud }) => {
        mark = cloud.recorder.mark()
      },
      see: async ({ world }) => world.cloud.recorder.calls({ since: mark }),
    })
    const first = calls.findIndex(isWrite)
    if (first < 0) throw new Error('the step wrote nothing')
    const before = calls.slice(0, first)
    return { calls: before, rounds: rounds(before.map((call) => interval(call, FAR))) }
  }
  return Promise.all(Array.from({ length: options.runs }, one))
}

const beforeRow = (seen: readonly Before[]): Row => {
  const most = seen.toSorted((one, other) => other.calls.length - one.calls.length)[0]
  const count = most?.calls.length ?? Number.NaN
  // Processor time that is short can part two calls that do not wait for each other, never join two that do.
  const least = Math.min(...seen.map((each) => each.rounds))
  return {
    what: 'calls before the first write (count)',
    how:
      `calls in the recorder before the first that is not a Describe, List, Get, BatchGet or AssumeRole; every request takes ${FAR} ms, ` +
      'and the rounds are the longest chain of calls that do not overlap; the most calls and the fewest rounds of all runs; one service by plain inputs, key in the environment',
    result: `${count} in ${least} rounds (${named(most?.calls ?? [])}), n ${seen.length}`,
    target: `≤ ${MOST_BEFORE} in ≤ ${MOST_ROUNDS} rounds`,
    met: count <= MOST_BEFORE && least <= MOST_ROUNDS,
    samples: seen.map(({ calls }) => calls.length),
  }
}

type Whole = { which: string; calls: RecordedCall[]; step: Step }

/** Three minutes each: pull, health check and drain of all tasks at once, or of one task after the other. */
const scenes = [
  {
    which: 'all tasks at once',
    image: { startsAfter: 60_000, healthyAfter: 55_000 },
    stopTimeout: 58,
    service: { desiredCount: 2 },
  },
  {
    which: 'one task after the other',
    image: { startsAfter: 20_000, healthyAfter: 10_000 },
    stopTimeout: 11,
    service: { desiredCount: 4, deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 125 } },
  },
]

const threeMinutes = async (options: Options): Promise<Whole[]> => {
  const watch = async ({ which, image, stopTimeout, service }: (typeof scenes)[number]): Promise<Whole> => {
    let mark = 0
    const [whole] = await watchDeployments(
      { ...options, runs: 1 },
      {
        before: { ignoresSigterm: true, healthyAfter: 500 },
        image: () => image,
        service: (_: Case) => service,
        container: () => ({ stopTimeout, healthCheck: { command: ['CMD-SHELL', 'true'], interval: 10, timeout: 5, retries: 3 } }),
        ready: ({ cloud }) => {
          mark = cloud.recorder.mark()
        },
        see: async ({ step, name, world }: Running): Promise<Whole> => {
          await step.printed(`${name}: succeeded`)
          return { which, calls: world.cloud.recorder.calls({ since: mark }), step: await step.done }
        },
      },
    )
    return whole as Whole
  }
  return Promise.all(scenes.map(watch))
}

const wholeRow = ({ which, calls, step }: Whole): Row => {
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

const measure = async (options: Options): Promise<Row[]> => {
  const [before, whole] = await Promise.all([beforeWriting(options), threeMinutes(options)])
  return [beforeRow(before), ...whole.map(wholeRow)]
}

export const calls: Figure = { name: 'calls', alone: false, runs: 5, measure }
