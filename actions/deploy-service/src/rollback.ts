import { type DeployTools, type Inspected, type Limits, problemOf, resultOf, type ServiceResult, seenBy } from './request.ts'
import { type Proof, ranBefore } from './target.ts'

/**
 * Returns a service to what ran before, unless the platform already did (`restored`), and proves it. Only images go
 * back: schema, queues and configuration stay as they are.
 */
export const goBack = async (
  inspected: Inspected,
  restored: boolean,
  limits: Limits,
  tools: DeployTools,
  details: Partial<ServiceResult> & { reason: string; deployment: string },
): Promise<ServiceResult> => {
  const { request, running } = inspected
  const { deployment: ours } = details
  const begun = tools.clock.monotonic()
  // Where nothing ran before, ECS goes back to the old revision but keeps the new count; that is set back here.
  if (!restored || !ranBefore(running)) {
    const before = ranBefore(running) ? running.revision.split('/').at(-1) : '0 tasks'
    tools.log.warning(`${request.name}: ${details.reason}; putting ${before} back`)
    const trouble = await request.target.restore(running, ours, begun + limits.timeout).catch(({ message }: Error) => message)
    if (trouble !== undefined) {
      return resultOf(inspected, 'failed-not-rolled-back', { ...details, reason: `${details.reason}; ${trouble}` })
    }
  }
  return proveBefore(inspected, tools, details)
}

/** What ran before is to run, by itself or again: that is looked at, and no more is done. */
export const proveBefore = async (
  inspected: Inspected,
  tools: DeployTools,
  details: Partial<ServiceResult> & { reason: string },
): Promise<ServiceResult> => {
  const { request, running, expected } = inspected
  if (!ranBefore(running)) {
    const reason = `${details.reason}; nothing ran before, and the service stands at 0 again`
    return resultOf(inspected, 'failed-rolled-back', { ...details, reason })
  }
  const proof = await request.target.prove(digestsBefore(running.digests, expected), tools.aliases, running).catch(unproven)
  if (proof.proven) return resultOf(inspected, 'failed-rolled-back', { ...details, runningDigest: proof.digest })
  const reason = `${details.reason}; what ran before is not proven to run: ${problemOf(proof)}`
  return resultOf(inspected, 'failed-not-rolled-back', { ...details, ...seenBy(proof), reason })
}

const unproven = ({ message }: Error): Proof => ({ proven: false, problem: `it is not known what runs: ${message}` })

const digestsBefore = (digests: Record<string, string>, expected: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.keys(expected).flatMap((container) => (digests[container] ? [[container, digests[container]]] : [])))
