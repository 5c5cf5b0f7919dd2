import type { LeaseTerms } from '../../../lib/aws/lease-terms.ts'
import { readParameters, writeParameter } from '../../../lib/aws/parameters.ts'
import type { Session } from '../../../lib/aws/session.ts'
import { patient } from '../../../lib/aws/throttle.ts'
import { Refusal } from '../../../lib/refusal.ts'
import type { RunContext } from '../../../lib/runner/context.ts'
import type { Approved } from './approved.ts'
import { ask, heldWith } from './ask.ts'
import type { Assembly } from './assembly.ts'
import type { Tools } from './change-set.ts'
import { cloudFormation } from './cloudformation.ts'
import { execute } from './execute.ts'
import { leased, type UnderLease } from './lease.ts'
import type { RunId } from './names.ts'
import type { StackResult } from './outcome.ts'
import type { Job } from './place.ts'
import type { Stacks } from './ports.ts'
import { type Prepared, prepare } from './prepare.ts'
import { isUnrecorded, seenBy, standing } from './standing.ts'
import type { Values } from './values.ts'
import type { Operation } from './watch.ts'

export type Task = {
  job: Job
  assembly: Assembly
  /** Of the stacks, full SHA. */
  commit: string
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

/** The records that say what may be done. */
const gatesOf = ({ records: { hold, release, infra } }: Job): string[] => [hold, release, infra]

const readAll = async ({ job, assembly }: Task, session: Session): Promise<Values> =>
  readParameters(session, [...new Set([...gatesOf(job), ...assembly.stacks.flatMap(({ lookups }) => Object.values(lookups))])])

export type Preview = {
  prepared: Prepared
  /** See `seenBy`; absent where not all that the commit says was compared. */
  seen?: string
  /** See `isUnrecorded`. */
  isUnrecorded: boolean
  warning?: string
}

/** What would change, and why it may not be brought now, if so. */
export const carryOutPreparation = async (task: Task): Promise<Preview> => {
  const session = patient(task.session, task.tools)
  const [stacksIn, values] = await Promise.all([
    stacksOf(session, task.job.regions),
    task.session.guard().then(() => readAll(task, session)),
  ])
  const { refusal, overtaken, release } = ask(task.job, values, task.context.runUrl || task.context.runId)
  const prepared = await prepare({ ...task, stacksIn, values, delivered: Object.keys(release?.services ?? {}) })
  const warning = refusal ?? overtaken
  const kinds = prepared.stacks.map(({ kind }) => kind)
  const record = values.get(task.job.records.infra)
  return {
    prepared,
    isUnrecorded: isUnrecorded(kinds, record),
    ...(!kinds.includes('left-out') && { seen: seenBy(record) }),
    ...(warning !== undefined && { warning }),
  }
}

export type Executed = {
  results: StackResult[]
  /** Whether anything was executed. */
  hasBegun: boolean
  lease: 'kept' | 'released'
  /** Why nothing was begun: a newer run has recorded a release. */
  overtaken?: string
}

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
  const { job, terms, tools, session } = task
  if (task.dryRun) {
    await session.guard()
    return { ...(await underLease(task, task)), lease: 'released' }
  }
  const whyGiveUp = async () => heldWith(job, await readParameters(session, [job.records.hold]))
  task.onLease(terms)
  const work = async (under: UnderLease) => {
    const value = await underLease(task, under)
    // Where something was executed the next job of the run proves what runs. It does not keep anybody waiting for it where
    // this job was stopped: by a person, who has something else to do there.
    return { value, keep: value.hasBegun && !under.signal.aborted }
  }
  const done = await leased(session, terms, tools, task.signal, work, whyGiveUp).finally(() => task.onLease())
  return done && { ...done.value, lease: done.keep ? 'kept' : 'released' }
}

const underLease = async (task: ExecutionTask, under: UnderLease): Promise<Omit<Executed, 'lease'>> => {
  const { job, tools } = task
  const session = patient(under.session, tools)
  const values = await readParameters(session, gatesOf(job))
  const { refusal, overtaken, release } = ask(job, values, task.context.runUrl || task.context.runId)
  if (refusal !== undefined) throw new Refusal(refusal)
  if (overtaken !== undefined) return { results: [], hasBegun: false, overtaken }
  const record = standing({
    before: values.get(job.records.infra),
    seen: task.approved.seen,
    commit: task.commit,
    run: task.context.runUrl || task.context.runId,
    now: tools.clock.now,
    write: (value) => writeParameter(session, job.records.infra, value),
  })
  let hasBegun = false
  const results = await execute({
    ...task,
    stacksIn: await stacksOf(session, job.regions),
    read: (names) => readParameters(session, names),
    delivered: Object.keys(release?.services ?? {}),
    limits: { signal: under.signal, deadline: tools.clock.monotonic() + task.timeout },
    begin: record.begin,
    onStarted: (operation) => {
      hasBegun = true
      task.onStarted(operation)
    },
  })
  if (!task.dryRun)
    await record.end(results).catch(({ message }: Error) => tools.log.warning(`${message}; the next run prepares all this again`))
  return { results, hasBegun }
}
