import { unfitnessOf } from './fitness.ts'
import { chunksOf } from './fleet.ts'
import { findHosts, type Host } from './hosts.ts'
import { digestOf, type Seen, statusOf } from './perform.ts'
import { mustAnswer } from './prove.ts'
import { type Holder, isDeploying, isNameless, isSame } from './release.ts'
import { type Run, type SwitchEnd, stopOf, switchHosts } from './switch.ts'
import { BATCH, wavesOf } from './waves.ts'

/** How long a host that came up meanwhile may take until a command can be sent to it. */
const REGISTRATION = 300_000

/**
 * Looks for hosts that came up while others were switched, and switches them too, until there is none. Sees on the way whether
 * somebody else has deployed over what was switched.
 */
export const sweep = async (run: Run): Promise<SwitchEnd> => {
  const { fleet, deployment } = run
  const { clock, log, pollInterval } = fleet.tools
  const before = new Map((deployment.previous.hosts ?? []).map((host) => [host.id, host]))
  const isLate = (id: string): boolean => !before.has(id) || before.get(id)?.skipped === true
  const waited = new Set<string>()
  let since = clock.monotonic()
  for (;;) {
    const stop = stopOf(run)
    if (stop) return stop
    const judged = (await findHosts(fleet)).map((host) => ({ host, unfitness: unfitnessOf(host) }))
    const ready = judged.flatMap(({ host, unfitness }) => (unfitness === undefined ? [host.id] : []))
    const seen = await statusOf(fleet, ready, deployment.id)
    const third = thirdParty(run, seen)
    if (third !== undefined) return { state: 'superseded', by: third }
    const late = ready.filter((id) => isLate(id) && needsSwitch(seen.get(id), run.digest))
    if (late.length > 0) {
      log.info(`  came up meanwhile: ${late.join(', ')}`)
      for (const id of late) fleet.ledger.before(id, digestSeen(seen.get(id)))
      for (const batch of chunksOf(late, fleet.batch ?? BATCH)) {
        const end = await switchHosts(run, batch, () => true)
        if (end.state !== 'done') return end
      }
      since = clock.monotonic()
      continue
    }
    const coming = judged.flatMap(({ host, unfitness }) =>
      unfitness && isComing(host, before.has(host.id)) ? [{ host, sentence: unfitness.sentence }] : [],
    )
    if (coming.length === 0) {
      const isMissed = judged.some(
        ({ host, unfitness }) =>
          host.state === 'running' && unfitness && mustAnswer(fleet, host.id, unfitness, deployment.previous.hosts),
      )
      if (!isMissed) Object.assign(fleet.latest, { at: clock.monotonic(), seen })
      return { state: 'done' }
    }
    // Each of them has its own time.
    for (const { host } of coming) {
      if (!waited.has(host.id)) since = clock.monotonic()
      waited.add(host.id)
    }
    if (clock.monotonic() - since > REGISTRATION)
      return gaveUp(
        run,
        coming.map(({ sentence }) => sentence),
      )
    await clock.sleep(pollInterval, run.options.signal)
  }
}

/** Not there when the hosts were read, and not yet reachable. A stopped one gets the image when it starts. */
const isComing = ({ state }: Host, wasThere: boolean): boolean => !wasThere && (state === 'pending' || state === 'running')

const gaveUp = ({ fleet }: Run, sentences: readonly string[]): SwitchEnd => {
  if (fleet.offline !== 'skip')
    return { state: 'failed', reason: `came up meanwhile and cannot be deployed to: ${sentences.join('; ')}` }
  fleet.tools.log.warning(`left out, because 'offline' is skip: ${sentences.join('; ')}`)
  return { state: 'done' }
}

const digestSeen = (seen: Seen | undefined): string | undefined =>
  seen && 'verdict' in seen ? digestOf(seen.verdict) : undefined

/** A host that gives no answer is asked to deploy as well: that says why. */
const needsSwitch = (seen: Seen | undefined, digest: string): boolean => digestSeen(seen) !== digest

/** The release of somebody else on a host that this run has switched. */
const thirdParty = ({ deployment, digest }: Run, seen: ReadonlyMap<string, Seen>): string | undefined => {
  for (const { id, release } of deployment.previous.hosts ?? []) {
    const each = seen.get(id)
    if (each === undefined || !('verdict' in each) || digestOf(each.verdict) === digest) continue
    const { active } = each.verdict
    if (!isNameless(active) && !isSame(active, deployment.id) && !isSame(active, release ?? '')) return active
  }
  return undefined
}

/** The waves over the hosts that were there at the beginning, then the look for those that were not. */
export const switchFleet = async (run: Run): Promise<SwitchEnd> => {
  const { fleet, deployment, digest } = run
  const hosts = (deployment.previous.hosts ?? []).filter(({ skipped }) => !skipped)
  const waves = wavesOf(
    hosts.filter((host) => host.digest !== digest).map(({ id }) => id),
    fleet.batch,
  )
  // What was under way when this run looked is older than this run: it is waited for and replaced.
  const known = [...deployment.previous.deployments, deployment.id]
  const mayWait = (_: string, holder: Holder) => !isDeploying(holder) || known.some((each) => isSame(each, holder.release))
  for (const [index, wave] of waves.entries()) {
    fleet.tools.log.info(`  wave ${index + 1} of ${waves.length}: ${wave.join(', ')}`)
    const end = await switchHosts(run, wave, mayWait)
    if (end.state !== 'done') return end
  }
  return sweep(run)
}
