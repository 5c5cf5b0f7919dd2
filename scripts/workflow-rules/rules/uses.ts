import {
  calledFile,
  eachJob,
  eachStep,
  foreignAction,
  isCalled,
  ownAction,
  type Problem,
  type Rule,
  type World,
} from '../rule.ts'
import type { Job, Step, Workflow } from '../workflow.ts'

/** Code of others that runs beside ours. Each further one is a risk that somebody has to take on. */
const ALLOWED = ['actions/checkout', 'actions/attest', 'aws-actions/configure-aws-credentials']

const eachUse =
  (check: (reference: string, comment: string | undefined) => string[]): Rule['check'] =>
  (workflow) => {
    const found = (path: (string | number)[], reference: string | undefined): Problem[] =>
      reference === undefined ? [] : check(reference, workflow.commentOf(path)).map((message) => ({ at: path, message }))
    return Object.entries(workflow.jobs).flatMap(([key, job]) => [
      ...found(['jobs', key, 'uses'], job.uses),
      ...job.steps.flatMap((step, index) => found(['jobs', key, 'steps', index, 'uses'], step.uses)),
    ])
  }

export const uses: Rule[] = [
  {
    id: 'forbidden-uses',
    check: eachUse((reference) => {
      const action = foreignAction(reference)
      return action === undefined || ALLOWED.includes(action) ? [] : [`'${action}' is not one of ${ALLOWED.join(', ')}`]
    }),
  },
  {
    id: 'unpinned-uses',
    check: eachUse((reference, comment) => {
      if (foreignAction(reference) === undefined) return []
      const pinned = /@[0-9a-f]{40}$/.test(reference) && /^v\d+\.\d+\.\d+$/.test(comment ?? '')
      return pinned ? [] : [`'${reference}' must name a full commit id, and its version in a comment, '# v1.2.3'`]
    }),
  },
  {
    id: 'local-uses',
    check: (workflow, world) => [
      ...eachJob((job, _key, _workflow, { workflows }) => wrongCall(job, workflows))(workflow, world),
      ...eachStep((step, job, _workflow, { index }) => wrongAction(step, job, index, world))(workflow, world),
    ],
  },
  {
    id: 'artipacked',
    check: eachStep((step) =>
      foreignAction(step.uses) === 'actions/checkout' && step.with?.['persist-credentials'] !== false
        ? ["a checkout must say 'persist-credentials: false', or the token stays on the disk"]
        : [],
    ),
  },
  {
    id: 'node24',
    check: eachStep((step, _job, _workflow, _place, { actions }) => {
      const action = ownAction(step)
      const using = action === undefined ? undefined : actions[action]?.using
      return using === undefined || using === 'node24' ? [] : [`actions/${action} declares '${using}', runners have node24`]
    }),
  },
]

const wrongCall = (job: Job, workflows: Workflow[]): string[] => {
  if (job.uses === undefined) return []
  const called = workflows.find(({ file }) => file === calledFile(job))
  if (called === undefined)
    return [`calls '${job.uses}'; called workflows are files of this repository, './.github/workflows/_x.yml'`]
  return isCalled(called) ? [] : [`calls '${called.file}', which others start too; a called workflow has 'workflow_call' alone`]
}

/** `./` is looked up in the workspace: whatever was checked out last is what runs. */
const wrongAction = (step: Step, job: Job, index: number, { actions }: World): string[] => {
  if (step.uses === undefined || foreignAction(step.uses) !== undefined) return []
  const action = ownAction(step)
  if (action === undefined || actions[action] === undefined)
    return [`'${step.uses}' is no action of this repository, './actions/NAME'`]
  const checkouts = job.steps.slice(0, index).filter((before) => foreignAction(before.uses) === 'actions/checkout')
  if (checkouts.length === 0) return [`'${step.uses}' needs a checkout before it in the same job`]
  const other = ['ref', 'repository', 'path'].find((key) => checkouts.some((checkout) => checkout.with?.[key] !== undefined))
  return other === undefined ? [] : [`'${step.uses}' would come from another commit: the checkout before it gives '${other}'`]
}
