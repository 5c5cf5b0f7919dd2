import type { Row } from './figure.ts'

const HEADINGS = ['figure', 'what', 'result', 'target', 'met']

const VERDICT = { true: 'yes', false: 'NO', undefined: '' }

/** A table in Markdown, aligned for a terminal; below it how each row was measured. */
export const table = (results: readonly { figure: string; rows: readonly Row[] }[]): string => {
  const cells = results.flatMap(({ figure, rows }) =>
    rows.map(({ what, result, target, met }) => [figure, what, result, target, VERDICT[`${met}`]]),
  )
  const lines = [HEADINGS, ...cells]
  const widths = HEADINGS.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  const print = (line: readonly string[]): string => `| ${line.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`
  return [print(HEADINGS), rule, ...cells.map(print), '', 'How each was measured:', ...methods(results)].join('\n')
}

const methods = (results: readonly { figure: string; rows: readonly Row[] }[]): string[] =>
  results.flatMap(({ figure, rows }) => [...new Set(rows.map(({ how }) => `- ${figure}: ${how}`))])
