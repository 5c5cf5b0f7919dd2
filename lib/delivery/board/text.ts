import { plain } from '../../markdown.ts'
import type { Board } from './board.ts'
import { ENVIRONMENT_COLUMNS, environmentRow, minute, remarks, SERVICE_COLUMNS, serviceRow } from './words.ts'

/** The board as lines for a terminal. Words from records are stripped of what a terminal would obey. */
export const boardText = (board: Board): string[] => {
  const services = board.environments.flatMap(({ environment, services: all }) =>
    all.map((service) => serviceRow(environment, service)),
  )
  return [
    `${board.project} at ${minute(board.at)}`,
    '',
    ...columns([ENVIRONMENT_COLUMNS, ...board.environments.map((environment) => environmentRow(environment, board.at))]),
    ...(services.length === 0 ? [] : ['', ...columns([SERVICE_COLUMNS, ...services])]),
    ...remarkLines(board),
  ]
}

const WIDEST = 48
const MARKS = { hold: '‖', next: '→', finding: '!' }

const remarkLines = (board: Board): string[] => {
  const lines = remarks(board).map(({ environment, mark, text }) => `${MARKS[mark]} ${environment}: ${plain(text)}`)
  return lines.length === 0 ? [] : ['', ...lines]
}

const columns = (rows: readonly string[][]): string[] => {
  const cells = rows.map((row) => row.map((cell) => cut(plain(cell))))
  const widths = (cells[0] ?? []).map((_, index) => Math.max(...cells.map((row) => row[index]?.length ?? 0)))
  return cells.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

/** A long name in one row must not push every other row off the screen. */
const cut = (cell: string): string => (cell.length <= WIDEST ? cell : `${cell.slice(0, WIDEST - 1)}…`)
