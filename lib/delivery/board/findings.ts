import { parseImage, short } from '../../image.ts'
import type { Release } from '../records.ts'
import type { Finding, LockBoard, ServiceBoard } from './board.ts'
import type { EnvironmentFacts, KeptImage } from './facts.ts'
import { releaseDigest } from './service.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** A hold that is older is probably forgotten. */
const HOLD_AGE = 7 * DAY

/** The most that a job on GitHub may take; what is in progress for longer has been left behind. */
const JOB_LIMIT = 6 * HOUR

/** Everything that somebody should look at, gravest first. */
export const findings = (
  facts: EnvironmentFacts,
  release: Release | undefined,
  services: readonly ServiceBoard[],
  lock: LockBoard | undefined,
  now: number,
): Finding[] => {
  if (facts.unreadable !== undefined)
    return [{ kind: 'unreadable', message: `${facts.name} could not be read: ${facts.unreadable}` }]
  return [
    ...services.flatMap((service) => ofService(service, facts)),
    ...ofRecords(facts, release),
    ...ofHold(facts, now),
    ...(lock?.stuck
      ? [
          {
            kind: 'lock' as const,
            message: `the lease of ${lock.owner} (${lock.purpose}) ran out at ${lock.expires} and was not given back: its run was killed. The next run takes it over by itself`,
          },
        ]
      : []),
    ...facts.kept.flatMap((image) => ofImage(image, facts.name)),
    ...ofDeployments(facts, now),
    ...('problem' in facts.head ? [{ kind: 'configuration' as const, message: facts.head.problem }] : []),
  ]
}

const ofService = ({ service, state, note }: ServiceBoard, { place }: EnvironmentFacts): Finding[] => {
  if (state === 'missing') return [{ kind: 'drift', message: `${service} is recorded and not there: ${note}` }]
  if (state !== 'drift') return []
  const remedy = `to put back what the branch wants: gh workflow run deliver.yml --ref ${place.branch}`
  return [{ kind: 'drift', message: `${service}: ${note}. Somebody deployed past the record; ${remedy}` }]
}

const ofRecords = ({ services }: EnvironmentFacts, release: Release | undefined): Finding[] => {
  const differing = services.filter(({ name, record }) => {
    const digest = record === undefined ? undefined : parseImage(record)?.digest
    const released = releaseDigest(name, release)
    return digest !== undefined && released !== undefined && digest !== released
  })
  const partial = release?.partial
    ? [
        {
          kind: 'partial' as const,
          message: `${release.release} is partial: some services kept another image, so it is promoted nowhere; deliver the branch again`,
        },
      ]
    : []
  if (differing.length === 0) return partial
  const names = differing.map(({ name }) => name).join(', ')
  const message = `the image record of ${names} is not that of the release ${release?.release}: a run was killed between the two; its next run completes them`
  return [...partial, { kind: 'records', message }]
}

const ofHold = ({ hold, name }: EnvironmentFacts, now: number): Finding[] => {
  const age = hold === undefined ? 0 : now - Date.parse(hold.at)
  if (hold === undefined || !(age > HOLD_AGE)) return []
  const message = `${name} is held for ${Math.floor(age / DAY)} days, by ${hold.by}: ${hold.reason}. Nothing is delivered there until: npm run slipway -- resume ${name}`
  return [{ kind: 'hold', message }]
}

const ofImage = ({ name, digest, role, release, keepTag, found }: KeptImage, environment: string): Finding[] => {
  const what = role === 'runs' ? `what runs in ${environment}` : `what a rollback of ${environment} would bring back`
  const image = `${name}@${short(digest)} (${what}, ${release})`
  if (found === 'missing') {
    const then =
      role === 'runs' ? 'a new task could not start; deliver the branch again' : 'that rollback is not possible any more'
    return [{ kind: 'image-missing', message: `${image} is not in the registry: ${then}` }]
  }
  if (found !== 'unprotected') return []
  const remedy = `the deploy role of ${environment} tags what it brings, if ecr:PutImage on the repository is allowed to it`
  return [{ kind: 'image-unprotected', message: `${image} has no tag ${keepTag}: a lifecycle rule may expire it; ${remedy}` }]
}

const ofDeployments = ({ openDeployments = [], name }: EnvironmentFacts, now: number): Finding[] =>
  openDeployments
    .filter(({ at }) => now - at > JOB_LIMIT)
    .map(({ id, service, state, at }) => ({
      kind: 'deployment',
      message: `GitHub shows deployment ${id} of ${service} to ${name} as ${state} since ${new Date(at).toISOString()}, longer than a job may take; end it: gh api repos/{owner}/{repo}/deployments/${id}/statuses -f state=error`,
    }))
