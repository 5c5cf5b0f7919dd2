import type { Gate } from './gate.ts'

/**
 * A promotion without a merge brings images alone. It is refused where the branch has infrastructure or configuration that were never
 * deployed to the environment, or not to their end: what was verified upstream stood on these.
 */
export const deployedInfrastructure = (
  compared: 'same' | 'other' | 'unknown',
  { environment, branch }: { environment: string; branch: string },
): Gate => {
  const answer = (result: Gate['result'], reason: string): Gate => ({
    gate: 'deployed-infrastructure',
    result,
    reason,
    evidence: { branch, compared },
  })
  if (compared !== 'other') return answer('pass', `nothing on ${branch} is known to be missing in ${environment}`)
  return answer(
    'fail',
    `infrastructure or configuration on ${branch} are not deployed to ${environment}, or not to their end, and this would bring images alone; deliver the branch: gh workflow run deliver.yml --ref ${branch}`,
  )
}
