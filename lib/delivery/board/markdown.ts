import { inert, table } from '../../markdown.ts'
import type { Board } from './board.ts'
import { ENVIRONMENT_COLUMNS, environmentRow, minute, remarks, SERVICE_COLUMNS, serviceRow } from './words.ts'

/** The board as Markdown, for a job summary or a wiki page. */
export const boardMarkdown = (board: Board): string => {
  const services = board.environments.flatMap(({ environment, services }) =>
    services.map((service) => serviceRow(environment, service).map(inert)),
  )
  return [
    `### ${inert(board.project)} at ${minute(board.at)}: ${verdict(board)}`,
    '',
    ...table(
      ENVIRONMENT_COLUMNS,
      board.environments.map((environment) => environmentRow(environment, board.at).map(inert)),
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
