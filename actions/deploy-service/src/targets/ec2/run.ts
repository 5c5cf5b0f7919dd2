import type { Cause } from '../../target.ts'
import { failureOf, groupCauses } from './causes.ts'
import { encoded } from './command.ts'
import type { PinnedFleet } from './fleet.ts'
import { perform } from './perform.ts'

/** The longest that the document takes, in its encoded form. */
const LONGEST = 8_192
/** The document's own limit, and what delivery may take. */
const TIME = 1_900_000

/** Runs a command once in the wanted image on one host, with the service's own environment. Undefined: it exited with 0. */
export const runOnHost = async (
  fleet: PinnedFleet,
  host: string,
  order: { deployment: string; image: string; command: readonly string[] },
  signal: AbortSignal,
): Promise<Cause | undefined> => {
  const { clock, log } = fleet.tools
  if (encoded(order.command).length > LONGEST)
    return {
      reason: `the command is too long for the document: ${encoded(order.command).length} characters encoded, at most ${LONGEST}`,
      count: 1,
    }
  log.info(`  on ${host}`)
  const command = { operation: 'run' as const, ids: [host], release: order.deployment, ...order }
  const ended = (await perform(fleet, command, { signal, deadline: clock.monotonic() + TIME })).get(host)
  const lines = ended?.state === 'ended' ? ended.verdict.log : []
  for (const line of lines) log.info(`  | ${line}`)
  const failure = ended && failureOf(host, ended)
  return failure && groupCauses([failure], fleet.service)[0]
}
