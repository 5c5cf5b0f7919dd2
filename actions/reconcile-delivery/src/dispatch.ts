import type { Board } from '../../../lib/delivery/board/board.ts'

/** A run of the workflow that delivers, in GitHub's words. */
export type WorkflowRun = { id: number; status: string; conclusion: string; event: string; url: string }

export interface Runs {
  /** Runs of `deliver.yml` for a commit of a branch, newest first. */
  newest(branch: string, commit: string): Promise<WorkflowRun[]>
  /** Whether the job that plans failed in the newest attempt of the run, so that nothing after it was tried. */
  refused(run: number): Promise<boolean>
  /** Starts `deliver.yml` on a branch. */
  start(branch: string): Promise<void>
}

export type Dispatch = { branch: string; decision: 'start' | 'leave'; reason: string }

/**
 * Which of the promotions that wait for nothing are to be started. One that got past its plan and did not succeed is left to
 * a person: a reviewer said no, or it would fail again at every look.
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
        // Upstream was not ready at the time of the push. A run of ours that is refused would be refused at every look.
        const isRefusal = last.conclusion === 'failure' && last.event === 'push' && (await runs.refused(last.id))
        return isRefusal ? { branch, decision: 'start', reason: next.reason } : { branch, decision: 'leave', reason: ended }
      }),
  )

const words = (status: string): string => status.replaceAll('_', ' ')
