import type { Time } from '../../time.ts'
import { type FunctionRuntime, type Invocation, sandboxError, timedOut } from './runtime.ts'

/** What the code of an image does when it is invoked, as data. */
export type ScriptedFunction = {
  /** What it answers, as JSON; `null` without it. */
  returns?: unknown
  /** The handler throws. */
  throws?: { errorType: string; errorMessage: string }
  /** The process ends with that exit code before it asks for its first event. */
  exitsWith?: number
  /** Nominal milliseconds; at the function's timeout the invocation ends as AWS ends it. */
  takes?: number
  logs?: string[]
}

/** Chosen by digest, then `*`. A function is asked at every invocation, with the event. */
export type FunctionScript = Record<string, ScriptedFunction | ((event: unknown, invocation: Invocation) => ScriptedFunction)>

/** Functions without containers. Those whose digest is not in the script answer `null`. */
export const scriptedFunctions = (script: FunctionScript, time: Time): FunctionRuntime => ({
  async invoke(invocation) {
    const { requestId, image, timeout, payload, log } = invocation
    const found = script[image.digest] ?? script['*'] ?? {}
    const acts = typeof found === 'function' ? found(payload === '' ? undefined : JSON.parse(payload), invocation) : found
    for (const line of acts.logs ?? []) log(line)
    const takes = acts.takes ?? 0
    if (takes > 0) await time.sleep(Math.min(takes, timeout))
    if (takes >= timeout) return timedOut(invocation)
    if (acts.exitsWith !== undefined)
      return sandboxError(requestId, 'Runtime.ExitError', `Runtime exited with error: exit status ${acts.exitsWith}`)
    if (acts.throws) return { functionError: 'Unhandled', payload: JSON.stringify({ ...acts.throws, trace: [] }) }
    return { payload: JSON.stringify(acts.returns ?? null) }
  },
  close: async () => {},
})
