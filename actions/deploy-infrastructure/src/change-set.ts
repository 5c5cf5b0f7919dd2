import { isPassing } from '../../../lib/aws/errors.ts'
import { Refusal } from '../../../lib/refusal.ts'
import type { Clock } from '../../../lib/runner/clock.ts'
import type { Log } from '../../../lib/runner/log.ts'
import type { ChangeSet, ChangeSetRequest, Stacks } from './ports.ts'

export type Tools = { clock: Clock; log: Log; pollInterval: number }

/** How long CloudFormation may take to say what would change. */
const PATIENCE = 600_000

/** Makes a change set and waits for it. Rejects with a `Refusal` where CloudFormation takes the template for impossible. */
export const makeChangeSet = async (stacks: Stacks, request: ChangeSetRequest, tools: Tools): Promise<ChangeSet> => {
  const { arn } = await stacks.createChangeSet(request).catch((cause: Error) => {
    if (cause.name !== 'ValidationError' && cause.name !== 'InsufficientCapabilitiesException') throw cause
    throw new Refusal(`CloudFormation takes no change set for ${request.stack}: ${cause.message}`, { cause })
  })
  const { clock, pollInterval } = tools
  const until = clock.monotonic() + PATIENCE
  for (;;) {
    const found = await stacks.describeChangeSet(arn).catch((error) => {
      if (!isPassing(error) || clock.monotonic() > until) throw error
      return undefined
    })
    if (found?.state === 'failed') {
      await stacks.deleteChangeSet(arn)
      throw new Refusal(`CloudFormation cannot prepare the changes of ${request.stack}: ${found.reason}`)
    }
    if (found?.state === 'empty') await stacks.deleteChangeSet(arn)
    if (found !== undefined && found.state !== 'pending') return found
    if (clock.monotonic() > until)
      throw new Error(`CloudFormation has not said in ten minutes what would change in ${request.stack}`)
    await clock.sleep(Math.min(pollInterval, 2_000))
  }
}
