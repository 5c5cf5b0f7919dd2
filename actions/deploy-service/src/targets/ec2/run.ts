import type { Cause } from '../../target.ts'
import { failureOf, groupCauses } from './causes.ts'
import { commandsOf, encoded } from './command.ts'
import type { PinnedFleet } from './fleet.ts'
import { type Following, followCommand } from './follow.ts'
import { perform, reconcile } from './perform.ts'
import { holderOf, isDeploying, isSame } from './release.ts'

/** The longest that the document takes, in its encoded form. */
const LONGEST = 8_192
/** The document's own limit, and what delivery may take. */
const TIME = 1_900_000
/** Milliseconds in which the program may let go of the host after the command was cancelled. */
const SETTLING = 60_000

/** How a command is run: under which names, and whose work on the host is older than it. */
type RunOrder = { deployment: string; image: string; command: readonly string[]; known: readonly string[] }

/**
 * Runs a command once in the wanted image on one host, with the service's own environment. Undefined: it exited with 0. What is at
 * work there already is waited for, unless somebody came after us. A command that was not seen to end is ended, as far as can be.
 */
export const runOnHost = async (
  fleet: PinnedFleet,
  host: string,
  { known, ...order }: RunOrder,
  signal: AbortSignal,
): Promise<Cause | undefined> => {
  const { clock, log, pollInterval } = fleet.tools
  if (encoded(order.command).length > LONGEST)
    return {
      reason: `the command is too long for the document: ${encoded(order.command).length} characters encoded, at most ${LONGEST}`,
      count: 1,
    }
  log.info(`  on ${host}`)
  const since = clock.now()
  const following: Following = { signal, deadline: clock.monotonic() + TIME }
  const command = { operation: 'run' as const, ids: [host], release: order.deployment, ...order }
  let ended = (await perform(fleet, command, following)).get(host)
  for (let isTold = false; !signal.aborted && clock.monotonic() < following.deadline; isTold = true) {
    const holder = ended?.state === 'ended' ? holderOf(ended.verdict) : undefined
    if (holder === undefined || (isDeploying(holder) && !known.some((each) => isSame(each, holder.release)))) break
    if (!isTold) log.info(`  ${host}: ${holder.release || 'somebody unnamed'} holds its lock; it is asked again`)
    await clock.sleep(pollInterval, signal)
    // Ourselves: the command had been taken, though nobody said so. It is to run once.
    const isOurs = isSame(holder.release, order.deployment)
    const [first] = isOurs ? (await commandsOf(fleet, order.deployment, since)).filter(({ isOver }) => !isOver) : []
    ended = (first ? await followCommand(fleet, first.id, [host], following) : await perform(fleet, command, following)).get(host)
  }
  if (ended?.state === 'unknown') await endOn(fleet, host, order.deployment)
  const lines = ended?.state === 'ended' ? ended.verdict.log : []
  for (const line of lines) log.info(`  | ${line}`)
  const failure = ended && failureOf(host, ended)
  return failure && groupCauses([failure], fleet.service)[0]
}

/** A cancelled command is killed, and its container is not: putting the host in order removes that. */
const endOn = async (fleet: PinnedFleet, host: string, deployment: string): Promise<void> => {
  const seen = (await reconcile(fleet, [host], deployment, fleet.tools.clock.monotonic() + SETTLING)).get(host)
  if (seen && 'trouble' in seen) fleet.tools.log.warning(`${host}: the command may still be running: ${seen.trouble}`)
}
