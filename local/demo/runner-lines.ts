/** A line of a step's log as the page of a workflow run would show it; undefined for lines that are not shown there. */
export type ShownLine = { kind: 'plain' | 'error'; text: string }

const unescaped = (text: string): string => text.replaceAll('%0D', '').replaceAll('%0A', '\n').replaceAll('%25', '%')

/** Reads workflow commands as the runner does: annotations and groups become text, the rest (masks, debug) is not for the eye. */
export const shown = (line: string): ShownLine | undefined => {
  const [, command, message = ''] = /^::([a-z-]+)(?: [^:]*(?:::|$))?(?:::)?(.*)$/.exec(line) ?? []
  if (command === undefined) return line.trim() === '' ? undefined : { kind: 'plain', text: line }
  const text = unescaped(message)
  switch (command) {
    case 'error':
      return { kind: 'error', text }
    case 'warning':
    case 'notice':
      return { kind: 'plain', text: `${command}: ${text}` }
    case 'group':
      return { kind: 'plain', text }
    default:
      return undefined
  }
}

/** A build prints hundreds of lines; what it is doing is in those that name a stage, and in errors. */
export const isBuildDetail = (line: string): boolean => /^#\d+ (?!\[|ERROR)/.test(line) || /^#\d+ \[internal\]/.test(line)
