import { Refusal } from '../../../lib/refusal.ts'
import { newestEvent } from './events.ts'
import { isDeletion, isToken, operationOf, tokenOf, tokensOf } from './names.ts'
import { isGreen, type StackResult } from './outcome.ts'
import { resultOf } from './result.ts'
import type { RollOut } from './roll-out.ts'
import { inRegion, type Standing, type StandingStack, standingOf, type WantedStack } from './stack.ts'
import { watch } from './watch.ts'

export type Settled = {
  standing: Exclude<Standing, { is: 'busy' | 'stuck' | 'failed-creation' }>
  result?: StackResult
  adopted?: true
}

/**
 * Brings a stack to where something can be begun: an operation that an earlier attempt has left is followed to its end, and
 * what a failed creation left is deleted. `result` is there where this run has ended with it.
 */
export const settle = async (rollOut: RollOut, wanted: WantedStack): Promise<Settled> => {
  const standing = standingOf(await rollOut.stacksIn(wanted.region).describe(wanted.name))
  if (standing.is === 'busy') return adopt(rollOut, wanted, standing.stack)
  if (standing.is === 'stuck') throw new Refusal(`${wanted.name} is ${standing.stack.status}: ${standing.remedy}`)
  if (standing.is === 'failed-creation') return removed(rollOut, wanted, standing.stack)
  return { standing }
}

/** Under the lease no other run of ours is at work: what it has begun and not seen end is seen through here. */
const adopt = async (rollOut: RollOut, wanted: WantedStack, stack: StandingStack): Promise<Settled> => {
  const { tools, run, limits } = rollOut
  const stacks = rollOut.stacksIn(wanted.region)
  const newest = await newestEvent(stacks, stack.id)
  const token = operationOf(newest?.token ?? '')
  if (!isToken(token))
    throw new Refusal(
      `${wanted.name} is ${stack.status}, and this was not begun by a run of ours: wait until it has ended, and run this again`,
    )
  const isOurs = token.startsWith(tokensOf(run.id))
  tools.log.notice(`${wanted.name}: ${isOurs ? 'an earlier attempt' : 'an earlier run'} is still under way; following it`)
  const operation = { stack: wanted.name, region: wanted.region, stackId: stack.id, token }
  rollOut.onStarted(operation)
  const watched = await watch(stacks, operation, limits, tools)
  const result = resultOf(wanted.name, watched)
  const standing = standingOf(watched.stack)
  const isBrought = isGreen(result.outcome)
  if (watched.left || (watched.stopped && !isBrought) || standing.is === 'busy' || standing.is === 'stuck')
    return { standing: { is: 'missing' }, result }
  rollOut.onEnded(operation)
  // Without a cause it was taken back and has not failed, and what was to be deleted is gone: both can be begun anew.
  if (isOurs && !isBrought && watched.cause !== '' && !isDeletion(token)) return { standing: { is: 'missing' }, result }
  const settled = standing.is === 'failed-creation' ? await removed(rollOut, wanted, standing.stack) : { standing }
  return { ...settled, ...(isOurs && isBrought && { adopted: true as const }) }
}

const removed = async (rollOut: RollOut, wanted: WantedStack, stack: StandingStack): Promise<Settled> => {
  const { tools, run, limits } = rollOut
  const stacks = rollOut.stacksIn(wanted.region)
  const left = await stacks.remains(stack.id)
  if (left.length > 0)
    throw new Refusal(
      `the creation of ${wanted.name} had failed, and ${left.map(({ id, type }) => `${id} (${type})`).join(', ')} is left of it: ` +
        `look whether it holds data, then: aws cloudformation delete-stack --stack-name ${wanted.name}${inRegion(stack.id)}`,
    )
  tools.log.notice(`${wanted.name}: its creation had failed and left nothing; deleting the empty stack`)
  const token = tokenOf(run, 'delete', stack.id)
  await stacks.remove(stack.id, wanted.role, token)
  const operation = { stack: wanted.name, region: wanted.region, stackId: stack.id, token }
  const watched = await watch(stacks, operation, limits, tools)
  if (watched.left !== undefined) return { standing: { is: 'missing' }, result: resultOf(wanted.name, watched) }
  if (watched.stack !== undefined && watched.stack.status !== 'DELETE_COMPLETE')
    throw new Refusal(`${wanted.name} could not be deleted: ${watched.cause || watched.stack.status}`)
  return { standing: { is: 'missing' } }
}
