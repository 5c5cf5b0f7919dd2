/** The known name that was probably meant; undefined where none is near. Upper and lower case do not count. */
export const nearest = (name: string, known: readonly string[]): string | undefined => {
  const wanted = name.toLowerCase()
  const [best] = known
    .map((candidate) => ({ candidate, distance: distance(wanted, candidate.toLowerCase()) }))
    .filter((entry) => entry.distance <= Math.max(1, Math.floor(wanted.length / 3)))
    .toSorted((a, b) => a.distance - b.distance)
  return best?.candidate
}

/** How many letters must be put in, taken out, changed, or swapped with their neighbour (optimal string alignment). */
const distance = (from: string, to: string): number => {
  const rows = [Array.from({ length: to.length + 1 }, (_, index) => index)]
  for (let i = 1; i <= from.length; i++) {
    const row = [i]
    for (let j = 1; j <= to.length; j++) {
      const cell = (up: number, left: number): number => (up === 0 ? row : rows[i - up])?.[j - left] ?? 0
      const same = from[i - 1] === to[j - 1]
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]
      const steps = [cell(1, 0) + 1, cell(0, 1) + 1, cell(1, 1) + (same ? 0 : 1)]
      row.push(Math.min(...steps, ...(swapped ? [cell(2, 2) + 1] : [])))
    }
    rows.push(row)
  }
  return rows[from.length]?.[to.length] ?? 0
}
