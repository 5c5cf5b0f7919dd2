import { hotfixCommand } from '../../../lib/delivery/gates/bring-back.ts'
import type { Gate } from '../../../lib/delivery/gates/gate.ts'
import { hotfixAllowed } from '../../../lib/delivery/gates/hotfix.ts'
import { knownUpstream } from '../../../lib/delivery/gates/known-upstream.ts'
import { recordSize } from '../../../lib/delivery/gates/record-size.ts'
import { type WantedImage, wantedImages } from '../../../lib/delivery/images.ts'
import { type Candidate, type Standing, standingOf } from '../../../lib/delivery/standing.ts'
import type { Told } from '../../../lib/github/deployments.ts'
import { Refusal } from '../../../lib/refusal.ts'
import { candidateOf } from './ask-github.ts'
import { composePlan, type Decision, nextOf } from './decision.ts'
import { wayTo } from './places.ts'
import type { Ports } from './ports.ts'
import type { Asked, PullRequest } from './request.ts'
import { plannedServices } from './services.ts'
import { timeGates } from './upstream.ts'

/**
 * Plans what the merge would deliver, from the merge commit. A job of a pull request gets no role in AWS, so GitHub alone is
 * asked, and the answer is no more than a preview: nothing can be carried out with it.
 */
export const planPullRequest = async (asked: Asked & { pull: PullRequest }, ports: Ports): Promise<Decision> => {
  const { configuration, environment, commit, pull } = asked
  const way = wayTo(configuration, environment)
  const services = plannedServices(configuration, environment)
  const wanted = await wantedImages(configuration, ports.source)
  const candidate = candidateOf(wanted, services)
  const named = Object.fromEntries(services.map(({ name, image }) => [name, image]))
  const size = recordSize({ images: Object.fromEntries(wanted.map(({ name, tag }) => [name, { tag }])), services: named, commit })
  const decide = (gates: Gate[], digests: Record<string, string> = {}, warnings: string[] = []): Decision => {
    const images = wanted.map((image) => ({ ...image, ...(digests[image.name] && { digest: digests[image.name] }) }))
    const kind = way === undefined ? 'first' : 'promotion'
    const plan = composePlan(configuration, environment, { kind, commit, images, services })
    return { plan, images, gates, infra: true, seed: false, next: nextOf(configuration, environment), warnings, isTrial: true }
  }
  if (way === undefined) return decide([size])
  if (ports.deployments === undefined) {
    throw new Refusal(
      `a pull request to ${way.branches.own} is judged by GitHub's deployments of ${way.upstream.environment}; set input 'github-token' and give the job 'permissions: deployments: read'`,
    )
  }
  const { told, standing } = await ask(ports.deployments, configuration, way.upstream.environment, wanted, candidate)
  const known = knownUpstream(way.upstream.environment, way.branches, candidate, told)
  if (standing.standing === 'verified') {
    const verified = decide([], standing.digests)
    const time = timeGates(configuration, verified.plan, {}, standing.since, ports.now())
    return { ...verified, gates: [size, known, ...time] }
  }
  const isHotfix = pull.head.startsWith('hotfix/') && !pull.isFork && way.branches.isLast && standing.standing !== 'rejected'
  if (isHotfix) {
    const warning = `after the merge deliver.yml refuses this tree; deploy it with: ${hotfixCommand(way.branches.own)}`
    return decide(
      [size, hotfixAllowed(environment, configuration.environments, 'a branch hotfix/…, deployed by hand after the merge')],
      {},
      [warning],
    )
  }
  return decide([size, known.result === 'fail' ? known : unverified(way.upstream, standing, known)])
}

/** Upstream's attempts with this content, and what was rolled back in any environment: each costs a request. */
const ask = async (
  deployments: NonNullable<Ports['deployments']>,
  { environments }: Asked['configuration'],
  upstream: string,
  wanted: readonly WantedImage[],
  candidate: Candidate,
): Promise<{ told: Told; standing: Standing }> => {
  const tags = new Set(wanted.map(({ tag }) => tag))
  const others = Object.keys(environments).filter((name) => name !== upstream)
  const [told, ...rollbacks] = await Promise.all([
    deployments.history(upstream, ({ tag, rejects }) => tags.has(tag) || rejects !== undefined),
    ...others.map((name) => deployments.history(name, ({ rejects }) => rejects !== undefined)),
  ])
  const elsewhere = rollbacks.map(({ attempts }) => attempts)
  return { told, standing: standingOf(candidate, told.attempts, elsewhere) }
}

/** In a pull request there is no other authority: what GitHub does not know to be verified is not. */
const unverified = (upstream: { environment: string; branch: string }, standing: Standing, known: Gate): Gate => ({
  ...known,
  result: 'fail',
  reason: reasonOf(upstream, standing),
})

const reasonOf = ({ environment, branch }: { environment: string; branch: string }, standing: Standing): string => {
  const look = `gh run list --workflow deliver.yml --branch ${branch}`
  switch (standing.standing) {
    case 'rejected':
      return `${standing.release} was rolled back, and a rejected release goes nowhere; bring a new commit to branch ${branch}`
    case 'failed':
      return `its delivery to ${environment} of ${standing.at} failed; see why: ${look}`
    case 'under-way':
      return `${environment} has not verified it yet; wait for its delivery: ${look}`
    default:
      return `GitHub knows of no verified deployment of it to ${environment}; deliver there first: gh workflow run deliver.yml --ref ${branch}`
  }
}
