export type Distribution = { count: number; median: number; p95: number; least: number; most: number }

/** The smallest value that is not below `share` of all values; nothing is interpolated. */
const quantile = (sorted: readonly number[], share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN

/** Throws on an empty list: a figure without a value was not measured. */
export const distributionOf = (values: readonly number[]): Distribution => {
  if (values.length === 0) throw new Error('nothing was measured')
  const sorted = values.toSorted((one, other) => one - other)
  return {
    count: sorted.length,
    median: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    least: sorted.at(0) ?? Number.NaN,
    most: sorted.at(-1) ?? Number.NaN,
  }
}

/** The middle of the `index`th of `count` equal parts of `width`: covers a range evenly with few runs. */
export const spread = (index: number, count: number, width: number): number => ((index + 0.5) / count) * width
