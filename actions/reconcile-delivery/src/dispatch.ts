import type { Board } from '../../../lib/delivery/board/board.ts'

/** A run of the workflow that delivers, in GitHub's words. */
export type WorkflowRun = { status: string; conclusion: string; event: string; url: string }

export interface Runs {
  /** Runs of `deliver.yml` for a commit of a branch, newest first. */
  newest(branch: string, commit: string): Promise<WorkflowRun[]>
  /** Whether a deployment of that commit to the environment was tried and failed. */
  failed(environment: string, commit: string): Promise<boolean>
  /** Starts `deliver.yml` on a branch. */
  start(branch: string): Promise<void>
}

export type Dispatch = { branch: string; decision: 'start' | 'leave'; reason: string }

/**
 * Which of the promotions that wait for nothing are to be started. One that was tried and did not succeed is left to a
 * person: it would fail again at every look.
 */
export const decideDispatches = (board: Board, runs: Runs): Promise<Dispatch[]> =>
  Promise.all(
    board.environments
      .filter(({ next }) => next.state === 'ready')
      .map(async ({ environment, branch: { name: branch, commit = '' }, next, lock }): Promise<Dispatch> => {
        if (lock !== undefined && !lock.stuck) {
          return { branch, decision: 'leave', reason: `${lock.owner} has the lease of ${environment} (${lock.purpose})` }
        }
        const known = await runs.newest(branch, commit)
        const underWay = known.find(({ status }) => status !== 'completed')
        if (underWay) return { branch, decision: 'leave', reason: `a run is ${words(underWay.status)}: ${underWay.url}` }
        const [last] = known
        if (last === undefined || last.conclusion === 'success') return { branch, decision: 'start', reason: next.reason }
        const again = `when that is mended: gh workflow run deliver.yml --ref ${branch}`
        const ended = `its last run ended as ${words(last.conclusion)} (${last.url}); ${again}`
        // A push that was refused because upstream was not ready has deployed nothing.
        const isRefusal = last.conclusion === 'failure' && last.event === 'push' && !(await runs.failed(environment, commit))
        return isRefusal ? { branch, decision: 'start', reason: next.reason } : { branch, decision: 'leave', reason: ended }
      }),
  )

const words = (status: string): string => status.replaceAll('_', ' ')
