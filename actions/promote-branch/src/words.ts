/** Branch names of delivery.json hold nothing that a shell would read. */
export const lookAt = (branch: string): string => `gh run list --workflow deliver.yml --branch ${branch}`

/** The branch of a pull request may be called anything: it is quoted. */
export const update = (branch: string, base: string): string =>
  `git switch ${quoted(branch)} && git merge origin/${base} && git push`

const quoted = (text: string): string => (/^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`)

export const count = (amount: number, noun: string): string => `${amount} ${noun}${amount === 1 ? '' : 's'}`

/** `a, b and 3 more` */
export const list = (names: readonly string[], most = 2): string =>
  names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${names.length - most} more`

/** Minutes are enough for people: `2026-11-21 10:30 UTC`. */
export const utc = (time: number | string): string => {
  const stamp = new Date(time)
  return Number.isNaN(stamp.getTime()) ? String(time) : `${stamp.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
