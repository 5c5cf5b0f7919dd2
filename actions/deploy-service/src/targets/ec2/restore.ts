import type { HostBefore, Running } from '../../target.ts'
import { type Failure, failureOf } from './causes.ts'
import { unfitnessOf } from './fitness.ts'
import type { PinnedFleet } from './fleet.ts'
import { findHosts } from './hosts.ts'
import { digestOf, perform, reconcile, type Seen, settledStatus, unsettled } from './perform.ts'
import { mustAnswer } from './prove.ts'
import { isNameless, isOfSameImage, isSame } from './release.ts'

/** What is to be done on one host, so that it runs what it ran before. */
export type WayBack =
  | { host: string; do: 'nothing' }
  | { host: string; do: 'rollback'; release: string; image: string; digest: string }
  /** It cannot or must not be done, and why. */
  | { host: string; do: 'leave'; reason: string }

/**
 * One host's way back. A host that was not there before goes to its own predecessor, with the image that the others run.
 */
export const wayBackOf = (host: string, seen: Seen | undefined, running: Running, ours: string): WayBack => {
  if (seen === undefined || !('verdict' in seen)) return { host, do: 'leave', reason: seen?.trouble ?? `${host}: gave no answer` }
  const { active, previous } = seen.verdict
  const runs = digestOf(seen.verdict)
  const before = running.hosts?.find(({ id }) => id === host)
  if (before?.skipped) return { host, do: 'nothing' }
  const moves = unsettled(seen.verdict)
  if (moves !== undefined) return { host, do: 'leave', reason: `${host}: ${moves}, so it is not known what it will run` }
  const [image = Object.values(running.images)[0], digest = Object.values(running.digests)[0]] = before
    ? [before.image ?? '', before.digest ?? '']
    : []
  if ((runs ?? '') === digest) return { host, do: 'nothing' }
  const release = releaseBefore(before, previous)
  // A deployment of the same image that this run came upon, and goes on with, is taken back with it.
  const ownedBy = [ours, release, before?.unfinished ?? '', ...running.deployments.filter((each) => isOfSameImage(each, ours))]
  const isForeign = !isNameless(active) && !ownedBy.some((each) => isSame(each, active))
  if (isForeign && before !== undefined && runs !== undefined) {
    return { host, do: 'leave', reason: `${host}: ${active}, which this run did not start, is left alone` }
  }
  if (!image || !digest || release === '')
    return { host, do: 'leave', reason: `${host}: nothing ran on it before, so there is nothing to go back to` }
  return { host, do: 'rollback', release, image, digest }
}

const releaseBefore = (before: HostBefore | undefined, previous: string): string => before?.release ?? previous

/**
 * Puts back on every host what it ran; resolves to what went wrong, if anything. Once the time is over no host is sent anything more:
 * it would be ended at once, in the middle of it.
 */
export const restoreHosts = async (
  fleet: PinnedFleet,
  running: Running,
  ours: string,
  deadline: number,
): Promise<string | undefined> => {
  const { clock } = fleet.tools
  const judged = (await findHosts(fleet)).map((host) => ({ host, unfitness: unfitnessOf(host) }))
  const hosts = judged.flatMap(({ host, unfitness }) => (unfitness === undefined ? [host.id] : []))
  const missed = judged.flatMap(({ host: { id, state }, unfitness }) =>
    state === 'running' && unfitness && mustAnswer(fleet, id, unfitness, running.hosts) ? [unfitness.sentence] : [],
  )
  // Half of the time for what is at work there still, the other half for the way back.
  const now = clock.monotonic()
  const seen = await settledStatus(fleet, hosts, ours, now + (deadline - now) / 2, deadline)
  const ways = hosts.map((host) => wayBackOf(host, seen.get(host), running, ours))
  const back = ways.filter((way) => way.do === 'rollback')
  const left = [...missed, ...ways.flatMap((way) => (way.do === 'leave' ? [way.reason] : []))]
  const unsent: string[] = []
  const send = async (operation: 'rollback' | 'deploy', part: readonly Back[], failed: ReadonlyMap<string, Failure>) => {
    if (clock.monotonic() < deadline) return bringBack(fleet, part, operation, ours, deadline)
    unsent.push(...part.map(({ host }) => host))
    return failed
  }
  const first = await send('rollback', back, new Map())
  // The kept container may be gone, or may not come up any more: a new one of the same image may.
  const again = back.filter(({ host }) => first.has(host))
  const second = await send('deploy', again, first)
  const late = unsent.length === 0 ? [] : [`the time is over, and nothing more was sent to ${unsent.join(', ')}`]
  const troubles = [...late, ...left, ...[...second.values()].map(({ host, reason }) => `${host}: ${reason}`)]
  return troubles.length === 0 ? undefined : `not every host is back: ${troubles.slice(0, 5).join('; ')}`
}

type Back = Extract<WayBack, { do: 'rollback' }>

/** All of them at once, a command for each release: what serves goes on serving until the other one is proven. */
const bringBack = async (
  fleet: PinnedFleet,
  back: readonly Back[],
  operation: 'rollback' | 'deploy',
  deployment: string,
  deadline: number,
): Promise<Map<string, Failure>> => {
  const groups = Map.groupBy(back, ({ release, image }) => `${release} ${image}`)
  const results = [...groups.values()].map(async (group) => {
    const [{ release, image }] = group as [Back]
    const ids = group.map(({ host }) => host)
    fleet.tools.log.info(`  ${operation} to ${release} on ${ids.join(', ')}`)
    // The version that this run brings is not the one that it goes back to.
    const { version: _, ...rest } = fleet
    const ends = await perform(rest, { operation, ids, deployment, release, image }, { deadline })
    const unknown = [...ends].flatMap(([id, { state }]) => (state === 'unknown' ? [id] : []))
    const settled = await reconcile(fleet, unknown, deployment, deadline, { deadline })
    return group.flatMap(({ host, digest }): [string, Failure][] => {
      const ended = ends.get(host)
      const late = settled.get(host)
      const verdict = late && 'verdict' in late ? late.verdict : ended?.state === 'ended' ? ended.verdict : undefined
      if (ended?.state === 'ended') fleet.ledger.ended(host, ended.verdict, `${operation} ${ended.verdict.result}`, ended.took)
      if (verdict !== undefined && digestOf(verdict) === digest) return []
      const failure = ended && failureOf(host, ended)
      const reason = failure?.reason ?? `runs ${(verdict && digestOf(verdict)) ?? 'nothing that is known'}, expected ${digest}`
      fleet.tools.log.error(`${host}: ${operation} failed: ${reason}`)
      return [[host, { host, key: '', log: [], ...failure, reason }]]
    })
  })
  return new Map((await Promise.all(results)).flat())
}
