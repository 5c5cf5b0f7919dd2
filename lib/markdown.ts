/** On one line, and without control and invisible formatting characters: a reason is somebody's free text. */
export const plain = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll(/[\p{Cc}\p{Cf}]/gu, '')

/** Words from elsewhere are shown as they are: no table cell, link, image, HTML or mention comes out of them. */
export const inert = (text: string): string =>
  plain(text)
    .replaceAll(/[\\`*_[\]|~#]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/(?<!\w)@/g, '@\u200B')

/** A name of ours, a digest, a tag: in a code span, which nothing in it can end. */
export const code = (text: string): string => `\`${text.replaceAll(/[`|\n]/g, '')}\``

/** Cells as they are shown: made by `inert` or `code`. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[], numbers = false): string[] => [
  `| ${head.join(' | ')} |`,
  `|${head.map((_, index) => (numbers && index > 0 ? '---:|' : '---|')).join('')}`,
  ...rows.map((row) => `| ${row.join(' | ')} |`),
]

/** Lines of somebody's log. The fence is longer than any run of backticks in them, so that a log cannot leave it. */
export const fence = (lines: readonly string[]): string => {
  const longest = Math.max(2, ...lines.flatMap((line) => (line.match(/`+/g) ?? []).map((run) => run.length)))
  const ticks = '`'.repeat(longest + 1)
  return [`${ticks}text`, ...lines, ticks].join('\n')
}
