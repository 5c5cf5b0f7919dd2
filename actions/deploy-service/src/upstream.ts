import { plannedRelease } from '../../../lib/delivery/gates/under-lease.ts'
import type { DeploymentPlan } from '../../../lib/delivery/plan.ts'
import type { GitHubClient } from '../../../lib/github/client.ts'
import type { Log } from '../../../lib/runner/log.ts'

/**
 * Asks GitHub whether the environment before has rolled the release back since it was planned: an approval may have taken
 * days, and the role of this environment cannot read the records of that one. No answer is only said, because the plan has
 * asked AWS.
 */
export const rolledBackUpstream =
  (connect: () => Promise<GitHubClient>, timeout: number, log: Log) =>
  async (plan: DeploymentPlan): Promise<string | undefined> => {
    const release = plannedRelease(plan)
    if (plan.from === undefined || release === undefined) return undefined
    try {
      const { gitHubDeployments } = await import('../../../lib/github/deployments.ts')
      const told = await gitHubDeployments(await connect(), timeout).history(plan.from, ({ rejects }) => rejects === release)
      const left = told.attempts.some(({ kind, verifiedAt }) => kind === 'rollback' && verifiedAt !== undefined)
      return left ? `${plan.from} has rolled ${release} back since this was planned: it is promoted nowhere` : undefined
    } catch (error) {
      log.warning(`whether ${plan.from} has rolled ${release} back meanwhile is not known: ${(error as Error).message}`)
      return undefined
    }
  }
