import { eachJob, eachStep, isCalled, type Rule } from '../rule.ts'

const DANGEROUS = ['pull_request_target', 'workflow_run', 'issue_comment']
const RUNNER = 'ubuntu-24.04'

export const shape: Rule[] = [
  {
    id: 'dangerous-triggers',
    check: ({ on }) =>
      Object.keys(on)
        .filter((event) => DANGEROUS.includes(event))
        .map((event) => ({ at: ['on', event], message: `'${event}' runs with this repository's rights on what strangers send` })),
  },
  {
    id: 'anonymous-definition',
    check: (workflow, world) => [
      ...(workflow.name === undefined ? [{ at: [], message: 'the workflow has no name' }] : []),
      ...eachJob(({ name }) => (name === undefined ? ['has no name'] : []))(workflow, world),
      ...eachStep(({ name }) => (name === undefined ? ['the step has no name'] : []))(workflow, world),
    ],
  },
  {
    id: 'missing-timeout',
    check: eachJob(({ uses, ...job }) =>
      uses === undefined && typeof job['timeout-minutes'] !== 'number' ? ["needs 'timeout-minutes', a number"] : [],
    ),
  },
  {
    id: 'self-hosted-runner',
    check: eachJob(({ uses, ...job }) =>
      uses === undefined && job['runs-on'] !== RUNNER ? [`must run on '${RUNNER}', got '${JSON.stringify(job['runs-on'])}'`] : [],
    ),
  },
  {
    id: 'concurrency-limits',
    check: (workflow) => {
      const at = ['concurrency']
      if (isCalled(workflow)) {
        // The group of a called workflow would wait for the run that calls it.
        return workflow.concurrency === undefined ? [] : [{ at, message: 'a called workflow leaves concurrency to its caller' }]
      }
      if (typeof workflow.concurrency !== 'object')
        return [{ at, message: "needs 'concurrency' with 'group' and 'cancel-in-progress'" }]
      if (workflow.concurrency['cancel-in-progress'] === undefined) return [{ at, message: "must say 'cancel-in-progress'" }]
      return []
    },
  },
  {
    // GitHub keeps a group taken while a run waits for a reviewer, which may be for days.
    id: 'approval-holds-nothing',
    check: (workflow) => [
      ...(waitsForApproval(workflow.jobs) && !isOfThisRunAlone(workflow.concurrency)
        ? [
            {
              at: ['concurrency'],
              message: "a run that deploys may wait for an approval: its group must hold 'github.run_id' and cancel nothing",
            },
          ]
        : []),
      ...Object.entries(workflow.jobs)
        .filter(([, job]) => isOpen(job.environment) && job.concurrency !== undefined && !isOfThisRunAlone(job.concurrency))
        .map(([key]) => ({
          at: ['jobs', key, 'concurrency'],
          message: `job '${key}' waits for an approval and must hold no group`,
        })),
    ],
  },
]

type Concurrency = string | { group: string; 'cancel-in-progress'?: boolean | string | undefined } | undefined

const isOfThisRunAlone = (concurrency: Concurrency): boolean =>
  typeof concurrency === 'object' && concurrency.group.includes('github.run_id') && concurrency['cancel-in-progress'] === false

/** An environment that is given by the caller is one that is deployed to. */
const isOpen = (environment: string | undefined): boolean => environment?.includes('${{') ?? false

const waitsForApproval = (jobs: Record<string, { uses?: string | undefined }>): boolean =>
  Object.values(jobs).some(({ uses }) => /\/_(deploy|infra)\.yml$/.test(uses ?? ''))
