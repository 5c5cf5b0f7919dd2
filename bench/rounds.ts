/** When a call was under way, in milliseconds of one clock. */
export type Interval = { from: number; to: number }

/**
 * The longest chain of calls of which each began after the one before had ended: so often the caller waited for an answer
 * before it asked on. Calls that overlap count once.
 */
export const rounds = (calls: readonly Interval[]): number => {
  let count = 0
  let free = Number.NEGATIVE_INFINITY
  for (const { from, to } of calls.toSorted((one, other) => one.to - other.to)) {
    if (from < free) continue
    count += 1
    free = to
  }
  return count
}

/** The most calls that began within any `width` milliseconds. */
export const busiest = (calls: readonly Interval[], width: number): number =>
  Math.max(0, ...calls.map(({ from }) => calls.filter((other) => other.from >= from && other.from < from + width).length))
