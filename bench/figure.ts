import type { Distribution } from './distribution.ts'

/** One line of the table. */
export type Row = {
  what: string
  /** How it was measured, for a reader who was not there. */
  how: string
  result: string
  /** Empty where the row is there for comparison only. */
  target: string
  /** Undefined where the row has no target. */
  met?: boolean
  /** The single values, in milliseconds unless `what` says otherwise. */
  samples?: readonly number[]
}

/** Another build of an action, to be measured in the same run. */
export type Peer = { name: string; entry: string }

export type Options = {
  /** How often each thing is measured. */
  runs: number
  peers: readonly Peer[]
  /** Milliseconds that the network adds to every AWS request of the action under test. */
  latency: number
  /** Runs `work` when one of the places for concurrent steps is free, so that two cores are never full. */
  place<T>(work: () => Promise<T>): Promise<T>
}

export type Figure = {
  name: string
  /** Measures processor time, so that nothing else may run meanwhile. The others mostly wait, and wait together. */
  alone: boolean
  /** How often, where the user does not say. */
  runs: number
  /** Rejects where it could not be measured. A target that is missed is a row like any other. */
  measure(options: Options): Promise<Row[]>
}

const SECOND = 1_000

export const milliseconds = (value: number): string =>
  value < SECOND ? `${Math.round(value)} ms` : `${(value / SECOND).toFixed(2)} s`

export const summary = ({ count, median, p95, least, most }: Distribution): string =>
  `median ${milliseconds(median)}, p95 ${milliseconds(p95)}, ${milliseconds(least)} to ${milliseconds(most)}, n ${count}`
