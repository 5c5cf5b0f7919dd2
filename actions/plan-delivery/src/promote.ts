import { account } from '../../../lib/delivery/gates/account.ts'
import { deployedInfrastructure } from '../../../lib/delivery/gates/deployed-infrastructure.ts'
import { digestKept } from '../../../lib/delivery/gates/digest-exists.ts'
import type { Gate } from '../../../lib/delivery/gates/gate.ts'
import { notHeld } from '../../../lib/delivery/gates/hold.ts'
import { sameConfiguration } from '../../../lib/delivery/gates/same-configuration.ts'
import type { WantedImage } from '../../../lib/delivery/images.ts'
import type { Release } from '../../../lib/delivery/records.ts'
import { Refusal } from '../../../lib/refusal.ts'
import { composePlan, type Decision, nextOf } from './decision.ts'
import { comparedInfrastructure, confirmedBy, travelling } from './infra.ts'
import { placeOf, wayTo } from './places.ts'
import type { Ports } from './ports.ts'
import { readLedgers, readRegistry } from './recorded.ts'
import { imagesOf } from './release-images.ts'
import type { Asked } from './request.ts'
import { plannedServices } from './services.ts'
import { recordGate, rejectedGate, timeGates, upstreamGate } from './upstream.ts'

/** Plans the images that the environment before has verified, without a merge: the latest, or those of a named release. */
export const planPromotion = async (asked: Asked, ports: Ports): Promise<Decision> => {
  const { configuration, environment, config, release: wanted = 'latest' } = asked
  const way = wayTo(configuration, environment)
  if (way === undefined) {
    throw new Refusal(
      `nothing is promoted to ${environment}: images are built for it (it has no promotesFrom); deliver there: gh workflow run deliver.yml --ref ${placeOf(configuration, environment).branch}`,
    )
  }
  const { upstream, branches } = way
  const recorded = await readLedgers(configuration, environment, 'all', ports)
  const services = plannedServices(configuration, environment)
  const accounts = account(recorded.checks)
  const compared = await comparedInfrastructure(asked, recorded.own, ports)
  const infrastructure = confirmedBy({ commit: asked.commit, isSure: compared === 'same' }, recorded.own)
  const decide = (commit: string, images: WantedImage[], gates: (plan: Decision['plan']) => Gate[], more = {}): Decision => {
    const plan = composePlan(configuration, environment, { kind: 'promotion', commit, images, services, infrastructure })
    return {
      plan,
      images,
      gates: gates(plan),
      infra: true,
      seed: false,
      next: nextOf(configuration, environment),
      warnings: recorded.warnings,
      ...more,
    }
  }
  if (accounts.result === 'fail') return decide(asked.commit, [], () => [accounts])

  const source = chosen(wanted, recorded.upstream, upstream, configuration, recorded.rejections)
  const paths = travelling(config)
  const [theirs, ours] = await Promise.all([ports.objectsAt(source.commit, paths), ports.source.objects(paths)])
  const same = sameConfiguration(paths, {
    upstream: { branch: upstream.branch, commit: source.commit, objects: theirs },
    own: { branch: branches.own, objects: ours },
  })
  if (same.result === 'fail') return decide(source.commit, [], () => [accounts, same])
  const found = await readRegistry(configuration, imagesOf(configuration, source, services), ports, 'digest')
  const checked = account([found.check, ...recorded.checks])
  if (checked.result === 'fail') return decide(source.commit, found.images, () => [checked])
  const exists = digestKept(found.images, `build it again: gh workflow run deliver.yml --ref ${branches.entry}`)
  const gates = (plan: Decision['plan']): Gate[] => {
    const held = notHeld(plan.kind, plan, recorded.own.hold)
    const common = [
      checked,
      recordGate(plan, recorded.rejections),
      held,
      ...rejectedGate(configuration, plan, recorded.rejections),
      same,
      deployedInfrastructure(compared, plan),
      exists,
    ]
    if (exists.result === 'fail') return common
    const verified = upstreamGate(upstream, plan, recorded.upstream)
    return [...common, verified, ...timeGates(configuration, plan, recorded.own, verified.verifiedAt, ports.now())]
  }
  return decide(source.commit, found.images, gates, { infra: compared !== 'same' })
}

/** `latest` is what upstream verified last, whole and not rejected. Nothing that upstream has not can be chosen. */
const chosen = (
  wanted: string,
  history: readonly Release[],
  { environment, branch }: { environment: string; branch: string },
  configuration: Asked['configuration'],
  rejections: Readonly<Record<string, readonly string[]>>,
): Release => {
  const rejected = rejections[environment] ?? []
  const found =
    wanted === 'latest'
      ? history.findLast(({ release, partial }) => !partial && !rejected.includes(release))
      : (history.findLast(({ release, partial }) => release === wanted && !partial) ??
        history.findLast(({ release }) => release === wanted))
  if (found !== undefined) return found
  if (wanted === 'latest') {
    throw new Refusal(
      `${environment} has no release that may go on: nothing was ever verified there, or everything was rolled back; deliver there first, after a rollback with a new commit: gh workflow run deliver.yml --ref ${branch}`,
    )
  }
  const known = [...new Set(history.map(({ release }) => release))].toReversed().slice(0, 5)
  const before = placeOf(configuration, environment).promotesFrom
  const order = before === undefined ? '' : `; no environment is skipped: it goes from ${before} to ${environment} first`
  throw new Refusal(
    `${environment} has never verified ${wanted}${order}; releases that it has: ${known.join(', ') || 'none'}; or take its newest: -f release=latest`,
  )
}
