import { hotfixCommand } from './bring-back.ts'
import type { Gate } from './gate.ts'

type Places = Readonly<Record<string, { branch: string; promotesFrom?: string | undefined }>>

/**
 * The environment that a hotfix may go to: one that is promoted to and from which nothing is promoted further. Anywhere
 * else the ordinary way is as short.
 */
export const isLast = (environment: string, environments: Places): boolean =>
  environments[environment]?.promotesFrom !== undefined &&
  !Object.values(environments).some(({ promotesFrom }) => promotesFrom === environment)

/** A hotfix passes the gates of the environment before: only at the end of the way, and only for a reason that is recorded. */
export const hotfixAllowed = (environment: string, environments: Places, reason: string | undefined): Gate => {
  const place = environments[environment]
  const evidence = { environment, reason: reason ?? 'none' }
  if (!isLast(environment, environments)) {
    const last = Object.keys(environments).filter((name) => isLast(name, environments))
    const where =
      last.length === 0
        ? 'there is none in delivery.json'
        : `start it there: ${hotfixCommand(environments[last[0] ?? '']?.branch ?? '')}`
    const words = `a hotfix goes to the last environment only (${last.join(', ') || 'none'}), and ${environment} is not that; ${where}`
    return { gate: 'hotfix', result: 'fail', reason: words, evidence }
  }
  if (reason === undefined) {
    const words = `a hotfix needs a reason, which is recorded; give one: ${hotfixCommand(place?.branch ?? '')}`
    return { gate: 'hotfix', result: 'fail', reason: words, evidence }
  }
  return { gate: 'hotfix', result: 'pass', reason: `passes the gates of ${place?.promotesFrom}: ${reason}`, evidence }
}
