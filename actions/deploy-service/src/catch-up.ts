import { isGreen } from './outcome.ts'
import type { RecordedResults } from './record.ts'
import type { DeployTools, Inspected, Limits, ServiceResult } from './request.ts'

/**
 * A host takes what is on record when it starts. One that started while a release was brought took the one before: after the record
 * was written such hosts are brought to it too, and what does not come to it is red.
 */
export const catchUp = async (
  inspected: readonly Inspected[],
  recorded: RecordedResults,
  limits: Limits,
  tools: Omit<DeployTools, 'onStarted'>,
  signal: AbortSignal,
): Promise<RecordedResults> => {
  const results = recorded.results.map((result, index) =>
    catchUpOne(inspected[index] as Inspected, result, limits, tools, signal),
  )
  return { ...recorded, results: await Promise.all(results) }
}

const catchUpOne = async (
  { request: { target, wanted }, running }: Inspected,
  result: ServiceResult,
  limits: Limits,
  { clock, aliases }: Omit<DeployTools, 'onStarted'>,
  signal: AbortSignal,
): Promise<ServiceResult> => {
  if (target.catchUp === undefined || !isGreen(result.outcome)) return result
  const options = { signal, deadline: clock.monotonic() + limits.timeout, failFast: limits.failFast }
  const trouble = await target.catchUp(wanted, running, aliases, options).catch(({ message }: Error) => message)
  const seen = { ...result, ...(target.hosts && { hosts: target.hosts() }) }
  if (trouble === undefined) return seen
  const reason = `the release is recorded, but not every host runs it: ${trouble}; run again to bring it to them`
  return { ...seen, outcome: 'failed-not-rolled-back', reason }
}
