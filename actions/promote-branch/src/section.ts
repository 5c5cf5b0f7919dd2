import type { Changes } from './changes.ts'
import { codeSpan } from './inert.ts'

const START = '<!-- slipway:start -->'
const END = '<!-- slipway:end -->'

/** What GitHub takes as the body of a pull request, in characters. */
const LONGEST_BODY = 65_536

const LONGEST_SUBJECT = 200

/**
 * Puts our section into a body: in the place of the one that is there, else at the end. What people wrote around it stays.
 * `render` is told how many characters it may use. Undefined where people left no room for it.
 */
export const withSection = (body: string, render: (most: number) => string): string | undefined => {
  const text = body.replaceAll(/\r+\n/g, '\n')
  const start = text.indexOf(START)
  const end = text.indexOf(END, start)
  const isThere = start >= 0 && end >= 0
  const before = isThere ? text.slice(0, start) : text.trim() === '' ? '' : `${text.trimEnd()}\n\n`
  const after = isThere ? text.slice(end + END.length) : ''
  const room = LONGEST_BODY - before.length - after.length - START.length - END.length - 2
  const section = render(room)
  return section.length > room ? undefined : `${before}${START}\n${section}\n${END}${after}`
}

/** Lines before and after a list of commits, which is cut where the room ends and says by how much. */
export const withChanges =
  (head: readonly string[], { commits, pulls }: Changes, foot: readonly string[]) =>
  (most: number): string => {
    const merged = pulls.length === 0 ? [] : [`Merged: ${pulls.slice(0, 100).map(number).join(', ')}`, '']
    const frame = [...head, '', `**Commits** (${commits.length})`, '', ...merged]
    const rest = (left: number): string[] => (left === 0 ? [] : [`- and ${left} more`])
    const end = ['', ...foot]
    let room = most - [...frame, ...rest(commits.length), ...end].join('\n').length
    const shown: string[] = []
    for (const { id, subject, pull } of commits) {
      // The number comes first, so that no word of the subject can stand before it and close something.
      const line = `- ${pull === undefined ? '' : `${number(pull)} `}${codeSpan(subject, LONGEST_SUBJECT)} ${id.slice(0, 12)}`
      room -= line.length + 1
      if (room < 0) break
      shown.push(line)
    }
    return [...frame, ...shown, ...rest(commits.length - shown.length), ...end].join('\n')
  }

const number = (pull: number): string => `#${pull}`
