import * as core from '@actions/core'
import { runnerLog } from './log.ts'

/** Asks the runner for a token of this job. Only jobs with `id-token: write` get one. */
export const idToken = async (audience: string): Promise<string> => {
  if (!process.env['ACTIONS_ID_TOKEN_REQUEST_URL']) {
    throw new Error(
      "this job cannot ask for an OIDC token: give it 'permissions: id-token: write' (pull requests from forks never get one)",
    )
  }
  try {
    return await core.getIDToken(audience)
  } catch (cause) {
    throw new Error(`GitHub did not give this job an OIDC token: ${reason(cause)}`, { cause })
  }
}

export const setOutputs = (outputs: Record<string, string>): void => {
  for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value)
}

/** Appends one section to the job summary. Where there is no summary file (a run by hand) nothing is written. */
export const writeSummary = async (markdown: string): Promise<void> => {
  if (!process.env['GITHUB_STEP_SUMMARY']) return
  await core.summary.addRaw(markdown, true).write()
}

/** What a step leaves for its own post step. */
export const saveState = (name: string, value: string): void => core.saveState(name, value)
export const savedState = (name: string): string => core.getState(name)

/** Hides a value in everything that this job prints from now on. */
export const mask = (secret: string): void => core.setSecret(secret)

/**
 * The one entry of an action: whatever `main` throws becomes one red line with the action's name, so that a log with
 * ten steps is searchable. The stack goes to the debug log, where "Enable debug logging" shows it.
 */
export const runAction = async (name: string, main: () => Promise<void>): Promise<void> => {
  try {
    await main()
  } catch (error) {
    if (core.isDebug() && error instanceof Error) core.debug(error.stack ?? error.message)
    fail(`${name}: ${reason(error)}`)
  }
}

/** Ends the step red, with one line. */
export const fail = (message: string): void => core.setFailed(message)

export const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Aborted when the job is cancelled, which is said in the log. */
export const cancellation = (): AbortSignal => {
  const cancelled = new AbortController()
  onCancel((signal) => {
    runnerLog.warning(`${signal} received; stopping`)
    cancelled.abort()
  })
  return cancelled.signal
}

/** Calls back once at the first SIGINT or SIGTERM, which is how the runner announces a cancelled job. */
export const onCancel = (callback: (signal: string) => void): void => {
  let called = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (!called) callback(signal)
      called = true
    })
  }
}
