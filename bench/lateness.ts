import { distributionOf } from './distribution.ts'
import { milliseconds, type Row, summary } from './figure.ts'

/** A row for a promise of the form "within so many milliseconds". Every run has to keep it, not only the usual one. */
export const within = (what: string, how: string, samples: readonly number[], most: number): Row => {
  const values = distributionOf(samples)
  return { what, how, result: summary(values), target: `all ≤ ${milliseconds(most)}`, met: values.most <= most, samples }
}

/** What all watching figures have in common. */
export const WATCHED =
  'one service a run, default inputs of the action, moments spread evenly over its pause between two looks, every third run after half a minute without news'
