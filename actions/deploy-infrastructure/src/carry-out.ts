import { readParameters } from '../../../lib/aws/parameters.ts'
import type { Session } from '../../../lib/aws/session.ts'
import { patient } from '../../../lib/aws/throttle.ts'
import type { RunContext } from '../../../lib/runner/context.ts'
import type { Approved } from './approved.ts'
import { ask, requireGo } from './ask.ts'
import type { Assembly } from './assembly.ts'
import type { Tools } from './change-set.ts'
import { cloudFormation } from './cloudformation.ts'
import { execute } from './execute.ts'
import { type LeaseTerms, leased } from './lease.ts'
import type { RunId } from './names.ts'
import type { StackResult } from './outcome.ts'
import type { Job } from './place.ts'
import type { Stacks } from './ports.ts'
import { type Prepared, prepare } from './prepare.ts'
import type { Values } from './values.ts'
import type { Operation } from './watch.ts'

export type Task = {
  job: Job
  assembly: Assembly
  session: Session
  tools: Tools
  run: RunId
  context: RunContext
  dryRun: boolean
}

/** Clients for every region in which the environment has stacks. */
export const stacksOf = async (session: Session, regions: readonly string[]): Promise<(region: string) => Stacks> => {
  const made = new Map(await Promise.all(regions.map(async (region) => [region, await cloudFormation(session, region)] as const)))
  return (region) => {
    const stacks = made.get(region)
    if (stacks === undefined) throw new Error(`no stack of this environment is in ${region}`)
    return stacks
  }
}

const readAll = async ({ job, assembly }: Task, session: Session): Promise<Values> =>
  readParameters(session, [
    ...new Set([job.records.hold, job.records.release, ...assembly.stacks.flatMap(({ lookups }) => Object.values(lookups))]),
  ])

/** What would change, and why it may not be brought now, if so. */
export const carryOutPreparation = async (task: Task): Promise<{ prepared: Prepared; warning?: string }> => {
  const session = patient(task.session, task.tools)
  const [stacksIn, values] = await Promise.all([
    stacksOf(session, task.job.regions),
    task.session.guard().then(() => readAll(task, session)),
  ])
  const { refusal, release } = ask(task.job, values, task.context.runUrl || task.context.runId)
  const prepared = await prepare({ ...task, stacksIn, values, delivered: Object.keys(release?.services ?? {}) })
  return { prepared, ...(refusal !== undefined && { warning: refusal }) }
}

export type Executed = { results: StackResult[]; lease: 'kept' | 'released' }

export type ExecutionTask = Task & {
  approved: Approved
  terms: LeaseTerms
  timeout: number
  signal: AbortSignal
  /** Told before the lease is claimed, and again without terms when it was given back. */
  onLease(terms?: LeaseTerms): void
  onStarted(operation: Operation): void
  onEnded(operation: Operation): void
}

/** Undefined where the job was cancelled while it waited for the lease. */
export const carryOutExecution = async (task: ExecutionTask): Promise<Executed | undefined> => {
  const { terms, tools, signal } = task
  if (task.dryRun) {
    await task.session.guard()
    return { results: await underLease(task, task.session, signal, () => undefined), lease: 'released' }
  }
  task.onLease(terms)
  let hasBegun = false
  const done = await leased(task.session, terms, tools, signal, async (under) => {
    const value = await underLease(task, under.session, under.signal, () => {
      hasBegun = true
    })
    // Where something was executed the next job of the run proves what runs; a cancelled run has no next job.
    return { value, keep: hasBegun && !signal.aborted }
  }).finally(() => task.onLease())
  return done && { results: done.value, lease: done.keep ? 'kept' : 'released' }
}

const underLease = async (
  task: ExecutionTask,
  given: Session,
  signal: AbortSignal,
  onBegun: () => void,
): Promise<StackResult[]> => {
  const { job, tools } = task
  const session = patient(given, tools)
  const values = await readParameters(session, [job.records.hold, job.records.release])
  requireGo(ask(job, values, task.context.runUrl || task.context.runId))
  return execute({
    ...task,
    stacksIn: await stacksOf(session, job.regions),
    read: (names) => readParameters(session, names),
    limits: { signal, deadline: tools.clock.monotonic() + task.timeout },
    onStarted: (operation) => {
      onBegun()
      task.onStarted(operation)
    },
  })
}
