/** Control characters, and those that reverse or hide text: nothing of them belongs into a line that people read. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu

/** One line, cut to `most` characters as GitHub counts them. Never more, whatever it is made of. */
export const cut = (text: string, most: number): string => {
  const line = text.replaceAll(/\s+/g, ' ').replaceAll(UNPRINTABLE, '').trim()
  if (line.length <= most) return line
  // Not within a surrogate pair, which would leave half a character.
  return `${line.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}

/**
 * Foreign words as a Markdown code span: GitHub makes no mention, no reference, no closing keyword, no link and no HTML of
 * what is inside. An HTML comment is broken up, because ours mark the section that is refreshed.
 */
export const codeSpan = (text: string, most: number): string => {
  const line = cut(text, most).replaceAll('<!--', '<! --').replaceAll('-->', '-- >')
  if (line === '') return '` `'
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  const pad = longest > 0 ? ' ' : ''
  return `${fence}${pad}${line}${pad}${fence}`
}

/** In a table's cell even a code span ends at a bar. */
export const cell = (text: string): string => text.replaceAll('|', '\\|')
