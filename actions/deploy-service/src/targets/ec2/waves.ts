import { chunksOf } from './fleet.ts'

/** Hosts that are switched side by side once the first one is proven. */
export const BATCH = 5

/** One host first, whose failure costs nothing but itself; then batches. */
export const wavesOf = (ids: readonly string[], batch: number = BATCH): string[][] => [
  ...chunksOf(ids.slice(0, 1), 1),
  ...chunksOf(ids.slice(1), batch),
]
