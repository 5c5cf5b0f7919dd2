import type { LeaseTerms } from '../../../lib/aws/lease-terms.ts'
import type { Unfinished } from './finish.ts'
import type { Job } from './job.ts'
import type { DeployTools, ServiceResult } from './request.ts'

/** What a run tells as it goes, so that a post step can finish it if the process is killed. */
export type Memory = {
  onStarted: DeployTools['onStarted']
  onLease(terms?: LeaseTerms): void
  onBegun(ids: readonly number[]): void
  /** Everything has ended but what nobody saw end: that is left to the post step, which has credentials of its own. */
  onFinished(results: readonly ServiceResult[]): void
}

/** Saves after every change, and an empty text where there is nothing left to do. */
export const remember = (
  { account, region, role = '', services, plan }: Job,
  { requestTimeout, pollInterval }: Pick<Unfinished, 'requestTimeout' | 'pollInterval'>,
  save: (state: string) => void,
): Memory => {
  const common = { account, region, role, requestTimeout, pollInterval }
  let deployments: Unfinished['deployments'] = []
  let lease: LeaseTerms | undefined
  let lastTerms: LeaseTerms | undefined
  let announced: Unfinished['announced']
  const saveNow = (): void => {
    const rest = { ...(lease && { lease }), ...(announced && { announced }) }
    save(deployments.length === 0 && Object.keys(rest).length === 0 ? '' : JSON.stringify({ ...common, deployments, ...rest }))
  }
  return {
    onStarted: (service, deployment) => {
      const target = services.find(({ name }) => name === service)?.target
      const others = deployments.filter((each) => each.service !== service)
      if (target) deployments = [...others, { service, target, deployment }]
      saveNow()
    },
    onLease: (terms) => {
      lease = terms
      lastTerms = terms ?? lastTerms
      saveNow()
    },
    onBegun: (ids) => {
      announced = plan && ids.length > 0 ? { environment: plan.environment, commit: plan.release.commit, ids } : undefined
      saveNow()
    },
    onFinished: (results) => {
      const unseen = results.filter((result) => result.unseen).map(({ service }) => service)
      deployments = deployments.filter(({ service }) => unseen.includes(service))
      // What nobody saw end is stopped under the lease, if it is still to be had.
      if (deployments.length > 0) lease = lastTerms
      saveNow()
    },
  }
}
