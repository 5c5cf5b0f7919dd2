import { plannedRelease } from '../../../lib/delivery/gates/under-lease.ts'
import type { DeploymentPlan } from '../../../lib/delivery/plan.ts'
import type { DeploymentPlace, DeploymentState, DeploymentStatuses } from '../../../lib/github/deployment-status.ts'
import type { Log } from '../../../lib/runner/log.ts'
import type { Outcome } from './outcome.ts'
import type { ServiceResult } from './request.ts'

/** Tells GitHub what is brought where. Trouble with GitHub is only said: it never turns a deployment red. */
export interface Announcer {
  /** A GitHub Deployment a service, before anything is changed. */
  begin(plan: DeploymentPlan): Promise<{ end(results: readonly ServiceResult[]): Promise<void> }>
}

export type AnnouncerTools = {
  connect(place: Pick<DeploymentPlace, 'environment' | 'commit'>): Promise<DeploymentStatuses>
  log: Log
  /** Told of the ids, so that a post step can end what a killed process began; of none when they have ended. */
  onBegun(ids: readonly number[]): void
}

/** So many requests at a time: GitHub asks not to be sent many at once. */
const AT_ONCE = 8

export const announcer = ({ connect, log, onBegun }: AnnouncerTools): Announcer => ({
  begin: async (plan) => {
    const trouble = ({ message }: Error): undefined => {
      log.warning(`GitHub does not hear of this deployment: ${message}`)
    }
    const statuses = await connect({ environment: plan.environment, commit: plan.release.commit }).catch(trouble)
    const before = await statuses?.newest().catch(trouble)
    if (statuses === undefined || before === undefined) return { end: async () => undefined }
    const begun = new Map<string, number>()
    const begin = async ({ name, image, url }: DeploymentPlan['services'][number]): Promise<void> => {
      const { digest = '', tag = '' } = plan.release.images[image] ?? {}
      const payload = { service: name, digest, tag, release: plannedRelease(plan) ?? '', kind: plan.kind }
      begun.set(name, await statuses.begin({ ...payload, ...(plan.rejects && { rejects: plan.rejects }) }, url))
    }
    await inTurn(plan.services, begin).catch(trouble)
    onBegun([...begun.values()])
    return {
      end: async (results) => {
        const end = async ({ service, outcome, reason = '', causes }: ServiceResult): Promise<void> => {
          const id = begun.get(service)
          if (id === undefined) return
          const { url } = plan.services.find(({ name }) => name === service) ?? {}
          // GitHub's line is short: what failed says more than how that was noticed.
          const why = causes[0]?.reason ?? reason
          await statuses.end(id, STATES[outcome], why === '' ? outcome : `${outcome}: ${why}`, url)
          const old = before.get(service)
          if (STATES[outcome] === 'success' && old !== undefined) await statuses.end(old, 'inactive', 'replaced')
        }
        await inTurn(results, end).catch(trouble)
        onBegun([])
      },
    }
  },
})

const STATES: Record<Outcome, DeploymentState> = {
  succeeded: 'success',
  'no-change': 'success',
  skipped: 'inactive',
  'failed-rolled-back': 'failure',
  'failed-not-rolled-back': 'error',
  superseded: 'inactive',
  cancelled: 'inactive',
  'timed-out': 'failure',
  refused: 'error',
}

const inTurn = async <T>(all: readonly T[], work: (each: T) => Promise<void>): Promise<void> => {
  for (let from = 0; from < all.length; from += AT_ONCE) await Promise.all(all.slice(from, from + AT_ONCE).map(work))
}
