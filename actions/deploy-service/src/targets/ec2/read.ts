import { parseImage } from '../../../../../lib/image.ts'
import { Refusal } from '../../../../../lib/refusal.ts'
import type { HostBefore, Running, Wanted } from '../../target.ts'
import { type Unfitness, unfitnessOf } from './fitness.ts'
import type { Fleet, PinnedFleet } from './fleet.ts'
import { findHosts, type Host } from './hosts.ts'
import { digestOf, type Seen, statusOf } from './perform.ts'
import { type Holder, holderOf, inWords, isDeploying, isNameless, isOfDigest } from './release.ts'

/** Everything that a deployment starts from. */
export type Reading = {
  running: Running
  /** The image that is asked for. */
  wanted: string
}

/** Reads the hosts, refuses those that cannot be deployed to, and asks the others what runs on them. */
export const readHosts = async (
  fleet: Fleet,
  pinned: (registryHost: string) => Promise<PinnedFleet>,
  guard: () => Promise<void>,
  wanted: Wanted,
  reader: string,
  runUrl?: string,
): Promise<Reading> => {
  const [hosts, program] = await Promise.all([findHosts(fleet), pinned(parseImage(wanted.image)?.host ?? ''), guard()])
  const { ready, skipped } = chooseHosts(fleet, hosts)
  const seen = await statusOf(
    program,
    ready.map(({ id }) => id),
    reader,
  )
  const silent = [...seen.values()].flatMap((each) => ('trouble' in each ? [each.trouble] : []))
  if (silent.length > 0) throw new Refusal(`${silent.slice(0, 5).join('; ')}; nothing was changed`)
  const before = [...beforeOf(seen, wanted.digest), ...skipped.map(({ id }): HostBefore => ({ id, skipped: true }))]
  for (const { id, digest } of before) fleet.ledger.before(id, digest)
  for (const { id } of skipped) fleet.ledger.note(id, 'left out: not online')
  reportDifferences(fleet, seen)
  return { ...readingOf(fleet, ready, seen, before, wanted.digest, runUrl), wanted: wanted.image }
}

/** Which hosts are deployed to; rejects, with a sentence for each of the others, where that is not all that should be. */
const chooseHosts = ({ tag, offline, tools: { log } }: Fleet, hosts: readonly Host[]): { ready: Host[]; skipped: Host[] } => {
  const name = `${tag.key}=${tag.value}`
  if (hosts.length === 0) {
    throw new Refusal(
      `no host has the tag ${name} in this account and region; nothing was changed. Tag the hosts, or correct the tag that is asked for`,
    )
  }
  const judged = hosts.map((host) => ({ host, unfitness: unfitnessOf(host) }))
  const those = (...kinds: Unfitness['kind'][]) => judged.filter(({ unfitness }) => unfitness && kinds.includes(unfitness.kind))
  const say = (group: typeof judged): string => group.map(({ unfitness }) => unfitness?.sentence).join('; ')
  const refused = those('unfit', ...(offline === 'skip' ? [] : (['unreached'] as const)))
  if (refused.length > 0) {
    const hint = refused.some(({ unfitness }) => unfitness?.kind === 'unreached')
      ? ". Mend it, or leave such hosts out with 'offline: skip'"
      : ''
    throw new Refusal(`not every host with the tag ${name} can be deployed to: ${say(refused)}; nothing was changed${hint}`)
  }
  const ready = judged.filter(({ unfitness }) => unfitness === undefined).map(({ host }) => host)
  if (ready.length === 0)
    throw new Refusal(`no host with the tag ${name} can be deployed to: ${say(judged)}; nothing was changed`)
  const skipped = those('unreached')
  if (skipped.length > 0) log.warning(`left out, because 'offline' is skip: ${say(skipped)}`)
  const absent = those('stopped', 'starting')
  if (absent.length > 0) log.info(`  not running now: ${say(absent)}`)
  return { ready, skipped: skipped.map(({ host }) => host) }
}

/**
 * What each host is to go back to. One that runs the wanted image while others do not was switched by a deployment that did not
 * end, where its own predecessor is of the image that they run: it goes back with them. By id, whichever answered first: the
 * waves go in that order.
 */
export const beforeOf = (seen: ReadonlyMap<string, Seen>, wanted: string): HostBefore[] => {
  const inOrder = [...seen].toSorted(([one], [other]) => (one < other ? -1 : 1))
  const own = inOrder.flatMap(([id, each]): (HostBefore & { past: HostBefore & { digest: string } })[] => {
    if (!('verdict' in each)) return []
    const { active, image, previous, previous_image: old = '' } = each.verdict
    const digest = digestOf(each.verdict)
    const past = { id, release: previous, image: old, digest: parseImage(old)?.digest ?? '', unfinished: active }
    return [{ id, past, ...(active !== '' && { release: active }), ...(digest !== undefined && { digest, image }) }]
  })
  const others = own.flatMap(({ digest = wanted }) => (digest === wanted ? [] : [digest]))
  return own.map(({ past, ...host }) => (host.digest === wanted && others.includes(past.digest) ? past : host))
}

const reportDifferences = ({ tools: { log } }: Fleet, seen: ReadonlyMap<string, Seen>): void => {
  const groups = Map.groupBy(seen, ([, each]) => ('verdict' in each && digestOf(each.verdict)) || 'nothing')
  if (groups.size <= 1) return
  const listed = [...groups].map(([digest, hosts]) => `${digest} on ${hosts.map(([id]) => id).join(', ')}`)
  log.warning(`the hosts do not run the same: ${listed.join('; ')}`)
}

const readingOf = (
  { service }: Fleet,
  ready: readonly Host[],
  seen: ReadonlyMap<string, Seen>,
  hosts: HostBefore[],
  wanted: string,
  runUrl: string | undefined,
): Omit<Reading, 'wanted'> => {
  const verdicts = [...seen.values()].flatMap((each) => ('verdict' in each ? [each.verdict] : []))
  const holders = verdicts.flatMap((verdict) => holderOf(verdict) ?? [])
  // Only what brings the wanted image is gone on with. Its pre-deploy command may have been all that was begun: that runs again.
  const isWanted = (each: Holder): boolean => isDeploying(each) && isOfDigest(each.release, wanted)
  const named = holders.filter(({ release }) => !isNameless(release))
  const holder = named.find((each) => !isWanted(each)) ?? named[0]
  const [most] = mostFrequent(hosts.filter(({ digest }) => digest !== undefined))
  const architectures = [...new Set(ready.flatMap(({ architecture }) => architecture ?? []))]
  const [platform, ...furtherPlatforms] = architectures.map((architecture) => ({ os: 'linux', architecture }))
  const running: Running = {
    revision: most?.image ?? 'nothing',
    images: most?.image === undefined ? {} : { [service]: most.image },
    digests: most?.digest === undefined ? {} : { [service]: most.digest },
    deployments: [...new Set(holders.map(({ release }) => release))],
    count: ready.length,
    hosts,
    ...(holder !== undefined && { inProgress: { id: inWords(holder.release, runUrl), wanted: isWanted(holder) } }),
    ...(platform && { platform }),
    ...(furtherPlatforms.length > 0 && { furtherPlatforms }),
    settled: holders.length === 0 && verdicts.every((verdict) => digestOf(verdict) === wanted),
  }
  return { running }
}

/** One of the largest group of hosts that run the same. */
const mostFrequent = (hosts: readonly HostBefore[]): HostBefore[] =>
  [...Map.groupBy(hosts, ({ digest }) => digest).values()].toSorted((one, other) => other.length - one.length)[0] ?? []
