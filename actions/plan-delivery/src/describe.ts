import type { Decision } from './decision.ts'

/** The decision as lines of the log. */
export const describe = ({ plan, images, gates, isTrial }: Decision, dryRun: boolean): string[] => {
  const { environment, kind, from, release, reason, rejects } = plan
  const isBuilt = kind === 'first' || kind === 'hotfix'
  return [
    `${dryRun ? 'dry run: ' : ''}${environment} (${kind}${from === undefined ? '' : ` from ${from}`}) at ${release.commit}`,
    ...(isTrial ? ['a pull request: nothing is deployed, and AWS is not asked'] : []),
    ...(reason === undefined ? [] : [`reason: ${reason}`]),
    ...(rejects === undefined ? [] : [`leaves ${rejects}, which never comes back`]),
    ...images.map(({ name, tag, digest }) => `image ${name}: ${tag} ${digest ?? (isBuilt ? 'is to be built' : 'is missing')}`),
    ...gates.map(({ gate, result, reason: words }) => `gate ${gate}: ${result}: ${words}`),
    ...(plan.services.length === 0 ? [] : [`services in order: ${plan.services.map(({ name }) => name).join(', ')}`]),
  ]
}
