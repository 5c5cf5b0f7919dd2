import * as core from '@actions/core'

/** What an action may say while it works. Lines are plain text; the runner turns the three last into annotations. */
export type Log = {
  info(line: string): void
  /** Folds what `work` logs under a heading. */
  group<T>(heading: string, work: () => Promise<T>): Promise<T>
  notice(message: string, title?: string): void
  warning(message: string, title?: string): void
  error(message: string, title?: string): void
}

const titled = (title: string | undefined): { title?: string } => (title === undefined ? {} : { title })

export const runnerLog: Log = {
  info: (line) => core.info(inert(line)),
  group: (heading, work) => core.group(heading, work),
  notice: (message, title) => core.notice(message, titled(title)),
  warning: (message, title) => core.warning(message, titled(title)),
  error: (message, title) => core.error(message, titled(title)),
}

/**
 * A line that came from elsewhere (a container's log, an API's message) must not become a workflow command:
 * the runner reads `::name` and `##[name]` at the start of any line.
 */
export const inert = (line: string): string => line.replaceAll(/^(\s*)(::|##\[)/gm, '$1\u200B$2')
