import { REGISTRY } from '../names.ts'
import type { Release } from '../records.ts'
import type { Board, EnvironmentBoard, LockBoard, ReleaseBoard } from './board.ts'
import { branchBoard } from './branch.ts'
import type { EnvironmentFacts, Facts, RecordedRelease } from './facts.ts'
import { findings } from './findings.ts'
import { nextPromotion } from './next.ts'
import { serviceBoard } from './service.ts'

/** Facts → board. Decides nothing by the clock: `facts.now` is the moment that it shows. */
export const composeBoard = (facts: Facts): Board => {
  const environments = facts.environments.map((environment) => environmentBoard(environment, facts))
  const readable = environments.filter(({ unreadable }) => unreadable === undefined)
  return {
    version: 1,
    project: facts.project,
    at: new Date(facts.now).toISOString(),
    drift: environments.some(hasDrift),
    unreadable: [
      ...environments.flatMap(({ environment, unreadable }) =>
        unreadable === undefined ? [] : [`${environment}: ${unreadable}`],
      ),
      ...(facts.registryProblem === undefined ? [] : [`${REGISTRY}: ${facts.registryProblem}`]),
    ],
    ready: readable.filter(({ next }) => next.state === 'ready').map(({ branch }) => branch.name),
    environments,
  }
}

export const hasDrift = ({ services }: EnvironmentBoard): boolean =>
  services.some(({ state }) => state === 'drift' || state === 'missing')

const environmentBoard = (facts: EnvironmentFacts, all: Facts): EnvironmentBoard => {
  const { name, place, unreadable, hold } = facts
  const current = facts.history.at(-1)
  const release = current?.release
  const lock = lockBoard(facts, all.now)
  const isLeased = lock !== undefined && !lock.stuck
  const services = facts.services.map((service) => serviceBoard(service, release, facts.kept, isLeased))
  return {
    environment: name,
    account: place.account,
    region: place.region,
    ...(unreadable !== undefined && { unreadable }),
    ...(current && { release: releaseBoard(current) }),
    ...(hold && { hold }),
    ...(lock && { lock }),
    services,
    branch: branchBoard(place.branch, facts.head, release),
    next: nextPromotion(facts, all),
    findings: findings(facts, release, services, lock, all.now),
  }
}

const releaseBoard = ({ release, writtenAt }: RecordedRelease): ReleaseBoard => {
  const { kind, reason, partial, previous } = release
  return {
    id: release.release,
    commit: release.commit,
    since: since(release, writtenAt),
    by: release.actor,
    run: release.run,
    ...(kind && { kind }),
    ...(reason !== undefined && { reason }),
    ...(partial && { partial }),
    ...(previous !== undefined && { previous }),
    images: release.images,
  }
}

/** A rollback keeps the time at which its target was proven first; it stands here since it was written again. */
const since = ({ kind, verifiedAt }: Release, writtenAt: number): string =>
  kind === 'rollback' ? new Date(writtenAt).toISOString() : verifiedAt

const lockBoard = ({ lock }: EnvironmentFacts, now: number): LockBoard | undefined =>
  lock && {
    owner: lock.owner,
    purpose: lock.purpose,
    expires: new Date(lock.expiresAt).toISOString(),
    stuck: now > lock.expiresAt,
  }
