import type { HostBefore, Proof, ProofLimits, Running } from '../../target.ts'
import { type Unfitness, unfitnessOf } from './fitness.ts'
import type { PinnedFleet } from './fleet.ts'
import { findHosts } from './hosts.ts'
import { digestOf, type Seen, statusOf, unsettled } from './perform.ts'

const ATTEMPTS = 3
/** Milliseconds for which an answer counts. */
const FRESH = 2_000
/** Milliseconds in which whatever is at work on a host may end. */
const AT_WORK = 60_000

/** What a host is to run: one digest on all of them, or what each of them ran before. */
export type Expected = {
  digestOf(host: string): string | undefined
  aliases: ReadonlyMap<string, readonly string[]>
  /** What `/version` is to answer, where that is known. */
  version?: string
}

/**
 * Asks every host what runs on it, and again for some seconds where that is not yet right, or something is at work there. When the
 * deadline is over it is not asked again.
 */
export const proveHosts = async (
  fleet: PinnedFleet,
  expected: Record<string, string>,
  aliases: ReadonlyMap<string, readonly string[]>,
  reader: string,
  before?: Running,
  { deadline = Number.POSITIVE_INFINITY }: Pick<ProofLimits, 'deadline'> = {},
): Promise<Proof> => {
  const { clock, pollInterval } = fleet.tools
  const wanted = Object.values(expected)[0]
  const own = new Map((before?.hosts ?? []).map(({ id, digest }) => [id, digest]))
  const wants: Expected = {
    digestOf: (host) => (own.has(host) ? own.get(host) : wanted),
    aliases,
    ...(fleet.version !== undefined && before === undefined && { version: fleet.version }),
  }
  if (before === undefined && clock.monotonic() - fleet.latest.at < FRESH) {
    const proof = compareHosts(fleet.latest.seen, [], wants)
    if (proof.proven) return proof
  }
  const until = clock.monotonic() + AT_WORK
  for (let attempt = 1; ; ) {
    const hosts = (await findHosts(fleet)).filter(({ id, state }) => state === 'running' && !isLeftOut(id, before))
    const judged = hosts.map((host) => ({ host, unfitness: unfitnessOf(host) }))
    const ready = judged.flatMap(({ host, unfitness }) => (unfitness === undefined ? [host.id] : []))
    const silent = judged.flatMap(({ host, unfitness }) =>
      unfitness && mustAnswer(fleet, host.id, unfitness, before?.hosts) ? [unfitness.sentence] : [],
    )
    const seen = await statusOf(fleet, ready, reader, deadline)
    const proof = compareHosts(seen, silent, wants)
    const isMoving = [...seen.values()].some((each) => 'verdict' in each && unsettled(each.verdict) !== undefined)
    const isEnough = isMoving ? clock.monotonic() > until : attempt === ATTEMPTS
    if (proof.proven || isEnough || clock.monotonic() + pollInterval > deadline) return proof
    if (!isMoving) attempt += 1
    await clock.sleep(pollInterval)
  }
}

const isLeftOut = (id: string, before: Running | undefined): boolean =>
  before?.hosts?.some((host) => host.id === id && host.skipped) ?? false

/**
 * Hosts that were launched a moment ago have yet to register, and run what is recorded when they have. `offline: skip` is for hosts
 * that nobody has reached: one that was seen before, or switched, is missed.
 */
export const mustAnswer = (
  { offline, reached }: Pick<PinnedFleet, 'offline' | 'reached'>,
  id: string,
  { kind }: Unfitness,
  before: readonly HostBefore[] = [],
): boolean => {
  if (reached.has(id) || before.some((host) => host.id === id && !host.skipped)) return true
  return kind !== 'starting' && !(kind === 'unreached' && offline === 'skip')
}

/** Proven when every host says that it runs what it should, and at least one does. */
export const compareHosts = (seen: ReadonlyMap<string, Seen>, silent: readonly string[], expected: Expected): Proof => {
  const problems = [...silent]
  const digests: string[] = []
  for (const [id, each] of seen) {
    const wanted = expected.digestOf(id)
    if (!('verdict' in each)) {
      problems.push(each.trouble)
      continue
    }
    const { verdict } = each
    const runs = digestOf(verdict)
    const moves = unsettled(verdict)
    if (runs !== undefined) digests.push(runs)
    if (moves !== undefined) problems.push(`host ${id}: ${moves}`)
    else if (runs !== wanted && !(wanted !== undefined && runs !== undefined && expected.aliases.get(wanted)?.includes(runs)))
      problems.push(`host ${id} runs ${runs ?? 'nothing'}, expected ${wanted ?? 'nothing'}`)
    else if (expected.version !== undefined && verdict.version !== '' && verdict.version !== expected.version)
      problems.push(`host ${id} answers with version ${verdict.version}, expected ${expected.version}`)
  }
  if (seen.size === 0) problems.push('no host could be asked')
  const wrong = digests.find((digest) => ![...seen.keys()].some((id) => expected.digestOf(id) === digest))
  const digest = wrong ?? digests[0]
  if (problems.length > 0)
    return { proven: false, ...(digest !== undefined && { digest }), problem: problems.slice(0, 3).join('; ') }
  return { proven: true, digest: digest ?? '' }
}
