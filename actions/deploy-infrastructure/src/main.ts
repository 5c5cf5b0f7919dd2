import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LeaseTerms } from '../../../lib/aws/lease-terms.ts'
import { openSession, type Session } from '../../../lib/aws/session.ts'
import { parseConfiguration } from '../../../lib/delivery/parse.ts'
import { treeSource } from '../../../lib/git/tree.ts'
import { Refusal } from '../../../lib/refusal.ts'
import { systemClock } from '../../../lib/runner/clock.ts'
import { type RunContext, runContext } from '../../../lib/runner/context.ts'
import { runnerLog } from '../../../lib/runner/log.ts'
import {
  cancellation,
  fail,
  idToken,
  reason,
  runAction,
  savedState,
  saveState,
  setOutputs,
  writeSummary,
} from '../../../lib/runner/step.ts'
import { approvedOf, readApproved, writeApproved } from './approved.ts'
import { readAssembly } from './assembly.ts'
import { carryOutExecution, carryOutPreparation, type Executed, stacksOf, type Task } from './carry-out.ts'
import { finishKilled, type Unfinished } from './finish.ts'
import { type Inputs, readInputs } from './inputs.ts'
import { termsOf } from './lease.ts'
import { isGreen, outcomeOf } from './outcome.ts'
import { jobOf } from './place.ts'
import { isChanged, refusalOf, summaryOfExecution, summaryOfPreparation } from './summary.ts'
import type { Operation } from './watch.ts'

const NAME = 'deploy-infrastructure'

const main = async (): Promise<void> => {
  const cancelled = cancellation()
  saveState('main', 'started')
  const context = runContext()
  let title = 'Infrastructure'
  try {
    const inputs = readInputs(context)
    title = `Infrastructure of ${inputs.environment}: ${inputs.operation}`
    const task = await taskOf(inputs, context)
    await (inputs.operation === 'prepare' ? prepareAndTell(task, title) : executeAndTell(task, inputs, title, cancelled))
  } catch (error) {
    setOutputs({ outcome: 'refused', changes: 'false', reason: reason(error), stacks: '[]', lease: 'released' })
    if (error instanceof Refusal) await writeSummary(refusalOf(title, error.message))
    throw error
  }
}

const taskOf = async (inputs: Inputs, context: RunContext): Promise<Task> => {
  const source = treeSource(context.workspace, inputs.commit, `commit ${inputs.commit}`)
  const configuration = parseConfiguration(await source.file(inputs.config), inputs.config)
  const job = jobOf(configuration, inputs.environment, inputs.operation === 'prepare' ? 'prepare' : 'infra')
  const folder = join(context.workspace, inputs.assembly)
  const assembly = await readAssembly((file) => read(folder, file, inputs.assembly), job)
  const { jobRole } = job
  const role = inputs.credentials === 'oidc' ? jobRole : undefined
  return {
    job,
    assembly,
    commit: inputs.commit,
    context,
    session: await sessionOf({ ...job, role, requestTimeout: inputs.requestTimeout }, context),
    tools: { log: runnerLog, clock: systemClock, pollInterval: inputs.pollInterval },
    run: { id: context.runId || 'by-hand', attempt: context.runAttempt || '1' },
    dryRun: inputs.dryRun,
  }
}

const read = (folder: string, file: string, shown: string): Promise<string> =>
  readFile(join(folder, file), 'utf8').catch((cause) => {
    throw new Refusal(`${shown}/${file} cannot be read: run npm run synth before this step, or correct input 'assembly'`, {
      cause,
    })
  })

const prepareAndTell = async (task: Task, title: string): Promise<void> => {
  const { prepared, seen, isUnrecorded, warning } = await carryOutPreparation(task)
  const isDue = isUnrecorded || prepared.stacks.some(isChanged)
  if (warning !== undefined) runnerLog.warning(`it could not be executed now: ${warning}`)
  for (const { name, command } of prepared.orphans)
    runnerLog.notice(`${name} is no longer in delivery.json and is left alone; to delete it: ${command}`)
  for (const { wanted, kind, changes } of prepared.stacks) runnerLog.info(`${wanted.name}: ${kind}, ${changes.length} changes`)
  const notes = [...(warning === undefined ? [] : [`Not now: ${warning}.`]), ...(isUnrecorded ? [UNRECORDED] : [])]
  await writeSummary(summaryOfPreparation(title, prepared, notes))
  setOutputs({
    outcome: isDue ? 'prepared' : 'no-change',
    changes: String(isDue),
    approved: writeApproved({ ...approvedOf(task.job, prepared.stacks), ...(seen !== undefined && { seen }) }),
    stacks: JSON.stringify(prepared.stacks.map(({ wanted, kind }) => ({ stack: wanted.name, outcome: kind }))),
    lease: 'released',
    reason: '',
  })
}

const UNRECORDED =
  'All stacks are what the commit says, but that is not on record: a run failed, was stopped, or was prepared while another one changed something. ' +
  'Executing this changes no stack and records it.'

const executeAndTell = async (task: Task, inputs: Inputs, title: string, signal: AbortSignal): Promise<void> => {
  const memory = remember(task, inputs)
  const executed = await carryOutExecution({
    ...task,
    approved: readApproved(inputs.approved),
    terms: termsOf(task.job, task.context, inputs),
    timeout: inputs.timeout,
    signal,
    ...memory,
  })
  const { results, hasBegun, lease, overtaken } = executed ?? WAITED_IN_VAIN
  const outcome = executed === undefined ? 'cancelled' : overtaken !== undefined ? 'skipped' : outcomeOf(results)
  const first = results.find((result) => result.outcome === outcome)
  const why = executed === undefined ? 'the job was cancelled while it waited for the lease' : (overtaken ?? first?.reason ?? '')
  setOutputs({
    outcome,
    changes: String(hasBegun),
    stacks: JSON.stringify(results),
    lease,
    reason: isGreen(outcome) && outcome !== 'skipped' ? '' : why,
  })
  if (overtaken !== undefined) runnerLog.notice(`skipped: ${overtaken}`)
  await writeSummary(summaryOfExecution(title, results, results.length === 0 && why !== '' ? [why] : []))
  for (const { stack, outcome: ended, reason: words = '' } of results)
    runnerLog.info(`${stack}: ${ended}${words === '' ? '' : `: ${words}`}`)
  if (!isGreen(outcome)) fail(`${NAME}: ${outcome}: ${first === undefined ? '' : `${first.stack}: `}${why}`)
}

const WAITED_IN_VAIN: Executed = { results: [], hasBegun: false, lease: 'released' }

/** Keeps what a post step needs, if this one is killed. */
const remember = ({ job, session }: Task, { credentials, requestTimeout, pollInterval }: Inputs) => {
  const unfinished: Unfinished = {
    account: session.account,
    region: session.region,
    role: credentials === 'oidc' ? job.jobRole : '',
    requestTimeout,
    pollInterval,
    operations: [],
  }
  const save = (): void => saveState('unfinished', JSON.stringify(unfinished))
  return {
    onLease: (terms?: LeaseTerms): void => {
      if (terms === undefined) delete unfinished.lease
      else unfinished.lease = terms
      save()
    },
    onStarted: (operation: Operation): void => {
      unfinished.operations.push(operation)
      save()
    },
    onEnded: ({ token }: Operation): void => {
      unfinished.operations = unfinished.operations.filter((other) => other.token !== token)
      save()
    },
  }
}

type Opened = { account: string; region: string; role: string | undefined; requestTimeout: number }

const sessionOf = ({ account, region, role, requestTimeout }: Opened, context: RunContext): Promise<Session> =>
  openSession({
    account,
    region,
    role,
    requestTimeout,
    idToken,
    now: systemClock.now,
    sessionName: `${NAME}-${context.runId || 'by-hand'}-${context.runAttempt || '1'}`,
  })

/** The post step. It has work only where the main step was killed with something in flight. */
const post = async (): Promise<void> => {
  const state = savedState('unfinished')
  const unfinished: Unfinished | undefined = state === '' ? undefined : JSON.parse(state)
  if (unfinished?.lease === undefined) return
  const session = await sessionOf({ ...unfinished, role: unfinished.role || undefined }, runContext())
  const tools = { log: runnerLog, clock: systemClock, pollInterval: unfinished.pollInterval }
  const open = async (under: Session, region: string) => (await stacksOf(under, [region]))(region)
  try {
    const results = await finishKilled(unfinished, session, open, tools)
    await writeSummary(summaryOfExecution('Infrastructure after the cancellation', results))
    for (const { stack, outcome, reason: words = '' } of results) runnerLog.info(`${stack}: ${outcome}: ${words}`)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    runnerLog.notice(`nothing was changed after the cancellation: ${error.message}`)
  }
}

await runAction(NAME, savedState('main') === '' ? main : post)
