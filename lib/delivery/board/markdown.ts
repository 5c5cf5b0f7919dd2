import type { Board } from './board.ts'
import { plain } from './text.ts'
import { ENVIRONMENT_COLUMNS, environmentRow, minute, remarks, SERVICE_COLUMNS, serviceRow } from './words.ts'

/** The board as Markdown, for a job summary or a wiki page. */
export const boardMarkdown = (board: Board): string => {
  const services = board.environments.flatMap(({ environment, services }) =>
    services.map((service) => serviceRow(environment, service)),
  )
  return [
    `### ${inert(board.project)} at ${minute(board.at)}: ${verdict(board)}`,
    '',
    ...table(
      ENVIRONMENT_COLUMNS,
      board.environments.map((environment) => environmentRow(environment, board.at)),
    ),
    '',
    ...table(SERVICE_COLUMNS, services),
    '',
    ...remarkLines(board),
  ].join('\n')
}

const verdict = ({ drift, unreadable }: Board): string => {
  if (drift) return 'drift'
  return unreadable.length === 0 ? 'no drift' : 'not everything could be read'
}

const MARKS = { hold: '⏸️', next: '➡️', finding: '⚠️' }

const remarkLines = (board: Board): string[] => {
  const lines = remarks(board).map(({ environment, mark, text }) => `- ${MARKS[mark]} **${inert(environment)}**: ${inert(text)}`)
  return lines.length === 0 ? [] : [...lines, '']
}

const table = (head: string[], rows: string[][]): string[] => [
  `| ${head.join(' | ')} |`,
  `|${head.map(() => '---|').join('')}`,
  ...rows.map((row) => `| ${row.map(inert).join(' | ')} |`),
]

/** Words from elsewhere are shown as they are: no table cell, link, image, HTML or mention comes out of them. */
const inert = (text: string): string =>
  plain(text)
    .replaceAll(/[\\`*_[\]|~#]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/(?<!\w)@/g, '@\u200B')
