import type { Proof, Running } from '../../target.ts'
import { type Unfitness, unfitnessOf } from './fitness.ts'
import type { PinnedFleet } from './fleet.ts'
import { findHosts } from './hosts.ts'
import { digestOf, type Seen, statusOf } from './perform.ts'

const ATTEMPTS = 3
/** Milliseconds for which an answer counts. */
const FRESH = 2_000

/** What a host is to run: one digest on all of them, or what each of them ran before. */
export type Expected = {
  digestOf(host: string): string | undefined
  aliases: ReadonlyMap<string, readonly string[]>
  /** What `/version` is to answer, where that is known. */
  version?: string
}

/** Asks every host what runs on it, and again for some seconds where that is not yet right. */
export const proveHosts = async (
  fleet: PinnedFleet,
  expected: Record<string, string>,
  aliases: ReadonlyMap<string, readonly string[]>,
  reader: string,
  before?: Running,
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
  for (let attempt = 1; ; attempt += 1) {
    const hosts = (await findHosts(fleet)).filter(({ id, state }) => state === 'running' && !isLeftOut(id, before))
    const judged = hosts.map((host) => ({ host, unfitness: unfitnessOf(host) }))
    const ready = judged.flatMap(({ host, unfitness }) => (unfitness === undefined ? [host.id] : []))
    const silent = judged.flatMap(({ unfitness }) => (unfitness && mustAnswer(fleet, unfitness) ? [unfitness.sentence] : []))
    const proof = compareHosts(await statusOf(fleet, ready, reader), silent, wants)
    if (proof.proven || attempt === ATTEMPTS) return proof
    await clock.sleep(pollInterval)
  }
}

const isLeftOut = (id: string, before: Running | undefined): boolean =>
  before?.hosts?.some((host) => host.id === id && host.skipped) ?? false

/** Hosts that were launched a moment ago have yet to register, and run what is recorded when they have. */
const mustAnswer = ({ offline }: PinnedFleet, { kind }: Unfitness): boolean =>
  kind !== 'starting' && !(kind === 'unreached' && offline === 'skip')

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
    if (runs !== undefined) digests.push(runs)
    if (runs !== wanted && !(wanted !== undefined && runs !== undefined && expected.aliases.get(wanted)?.includes(runs)))
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
