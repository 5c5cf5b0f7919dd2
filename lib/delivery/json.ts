import type { Position } from './locate.ts'

export type Json = { valid: true; value: unknown } | { valid: false; position: Position; message: string }

/** Parses JSON; where it is none, says where it stops being JSON, which V8 does for some errors only. */
export const readJson = (text: string): Json => {
  try {
    return { valid: true, value: JSON.parse(text) }
  } catch {
    const at = firstError(text)
    const before = text.slice(0, at).split('\n')
    return {
      valid: false,
      position: { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 },
      message: describe(text, at),
    }
  }
}

/** Whether an object in a text that is JSON has one name twice; of the two, `value`, which was parsed from it, has one. */
export const repeatsNames = (text: string, value: unknown): boolean => {
  // In JSON a string before a colon is a name, and nothing else is.
  const written = [...text.matchAll(/"(?:[^"\\]+|\\.)*"(\s*:)?/g)].filter(([, colon]) => colon !== undefined)
  return written.length > countNames(value)
}

const countNames = (value: unknown): number => {
  if (typeof value !== 'object' || value === null) return 0
  const inner = Object.values(value).reduce((sum, each) => sum + countNames(each), 0)
  return Array.isArray(value) ? inner : inner + Object.keys(value).length
}

const describe = (text: string, at: number): string => {
  const rest = text.slice(at)
  if (text.trim() === '') return 'the file is empty'
  if (rest.trim() === '') return 'the text ends before the JSON does: a bracket or a quote is not closed'
  const letter = JSON.stringify([...rest][0])
  if (/^(\/[/*]|#)/.test(rest)) return `unexpected ${letter}: JSON has no comments; remove it`
  if (rest.startsWith("'")) return `unexpected ${letter}: JSON has double quotes only`
  if (/^[}\]]/.test(rest) && /,\s*$/.test(text.slice(0, at)))
    return `unexpected ${letter} after a comma: remove the comma before it`
  return `unexpected ${letter}: check for a missing comma, quote or bracket before it`
}

/** The shortest text that no ending can make JSON has its error in the last letter. Found by halving. */
const firstError = (text: string): number => {
  let good = 0
  let bad = text.length + 1
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    if (canBecomeJson(text.slice(0, middle))) good = middle
    else bad = middle
  }
  return good
}

const canBecomeJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch (error) {
    const message = error instanceof Error ? error.message : ''
    const [, position] = / at position (\d+)/.exec(message) ?? []
    return position === undefined
      ? message.startsWith('Unexpected end')
      : Number(position) >= text.length || /Unterminated/.test(message)
  }
}
