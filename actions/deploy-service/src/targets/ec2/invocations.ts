import { type HostVerdict, parseVerdict } from '../../../../../lib/host/verdict.ts'

/** One look at one invocation. All of it is copied from Systems Manager. */
export type Look = {
  status: string
  details: string
  /** -1 while the program has not ended, and where it never ran. */
  exitCode: number
  output: string
  /** Whether this or an earlier look saw the program running. */
  begun: boolean
}

/** What an invocation says of its host. Only `ended` is the program's own word. */
export type Standing =
  | { state: 'waiting'; delayed?: true }
  | { state: 'ended'; verdict: HostVerdict }
  /** The program never began: the host is as it was. */
  | { state: 'unreached'; reason: string }
  /** The program may have begun, and may have got anywhere. */
  | { state: 'unknown'; reason: string }

/** Ends in which nothing began, by the words that the API reference and the API spell in two ways. */
const NEVER_BEGAN: Record<string, string> = {
  deliverytimedout: 'the command was not delivered in time: its agent does not answer',
  undeliverable: 'the command cannot be delivered: the host is gone or its agent does not answer',
  terminated: 'the command was given up before it reached the host',
  invalidplatform: 'the document does not run on this platform',
  accessdenied: 'the agent was not allowed to run the document',
}

/**
 * Statuses of one invocation (user guide, monitor-commands.html). The status alone is never success: without a verdict nothing
 * is known. An expired command turns invocations that run already into "delivery timed out" too.
 */
export const standingOf = ({ status, details, exitCode, output, begun }: Look): Standing => {
  const word = (details || status).replaceAll(' ', '').toLowerCase()
  if (['pending', 'inprogress', 'cancelling'].includes(word)) return { state: 'waiting' }
  if (word === 'delayed') return { state: 'waiting', delayed: true }
  const never = NEVER_BEGAN[word]
  if (never !== undefined && !begun && exitCode === -1) return { state: 'unreached', reason: never }
  if (word === 'success' || word === 'failed') {
    const verdict = parseVerdict(output)
    if (verdict !== undefined && verdict.exit === exitCode && (word === 'success') === (exitCode === 0))
      return { state: 'ended', verdict }
    if (word === 'failed' && exitCode === -1 && output === '' && !begun)
      return { state: 'unreached', reason: 'the agent refused to run the document with these parameters' }
    return { state: 'unknown', reason: withoutVerdict(word, exitCode, verdict) }
  }
  return { state: 'unknown', reason: `Systems Manager says ${details || status || 'nothing'}` }
}

const withoutVerdict = (word: string, exitCode: number, verdict: HostVerdict | undefined): string =>
  verdict === undefined
    ? `the command ended as ${word} with ${exitCode}, and the host gave no verdict`
    : `the command ended as ${word} with ${exitCode}, and its verdict says ${verdict.exit}`
