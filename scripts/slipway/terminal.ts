import { createInterface } from 'node:readline'
import { plain } from '../../lib/markdown.ts'
import type { Log } from '../../lib/runner/log.ts'

/** The person at the terminal changed their mind. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled'
}

/** What the actions say, for a terminal: one line each, and nothing in it that a terminal would obey. */
export const terminalLog: Log = {
  info: (line) => write(line),
  group: (heading, work) => {
    write(heading)
    return work()
  },
  notice: (message) => write(message),
  warning: (message) => write(`warning: ${message}`),
  error: (message, title) => write(`error: ${title === undefined ? '' : `${title}: `}${message}`),
}

const write = (text: string): void => {
  for (const line of text.split('\n')) console.log(`${/^ */.exec(line)?.[0] ?? ''}${plain(line).trimStart()}`)
}

/** Asks a question that is answered with yes or no. The end of the input is a no. */
export const confirmed = async (question: string): Promise<boolean> => {
  const lines = createInterface({ input: process.stdin, output: process.stdout })
  try {
    const answer = await new Promise<string>((resolve) => {
      lines.question(`${question} [y/N] `, resolve)
      lines.once('close', () => resolve(''))
    })
    return /^y(es)?$/i.test(answer.trim())
  } finally {
    lines.close()
  }
}
