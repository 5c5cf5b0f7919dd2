import { openSession, type Session } from '../../../lib/aws/session.ts'
import type { GitHubClient } from '../../../lib/github/client.ts'
import { Refusal } from '../../../lib/refusal.ts'
import { systemClock } from '../../../lib/runner/clock.ts'
import { type RunContext, runContext } from '../../../lib/runner/context.ts'
import { runnerLog } from '../../../lib/runner/log.ts'
import {
  cancellation,
  fail,
  idToken,
  mask,
  reason,
  runAction,
  savedState,
  saveState,
  setOutputs,
  writeSummary,
} from '../../../lib/runner/step.ts'
import { type AnnouncerTools, announcer } from './announce.ts'
import { carryOut } from './carry-out.ts'
import type { Conclusion } from './conclusion.ts'
import { finishKilled, type Unfinished } from './finish.ts'
import { type Inputs, readInputs } from './inputs.ts'
import { type Job, jobOfPlan, jobOfService } from './job.ts'
import { isGreen } from './outcome.ts'
import { remember } from './remember.ts'
import { failureLine, outputsOf } from './report.ts'
import { refusalOf, summaryOf } from './summary.ts'
import type { TargetTools } from './target.ts'
import { rolledBackUpstream } from './upstream.ts'

const NAME = 'deploy-service'

const main = async (): Promise<void> => {
  const cancelled = cancellation()
  saveState('main', 'started')
  const context = runContext()
  let tell: ((conclusion: Conclusion) => Promise<void>) | undefined
  try {
    const inputs = readInputs()
    const job = inputs.form === 'plan' ? await jobOfPlan(inputs) : jobOfService(inputs)
    const tools: TargetTools = { log: runnerLog, clock: systemClock, pollInterval: inputs.pollInterval }
    const session = await sessionOf(job, context, inputs.requestTimeout)
    if (!inputs.dryRun) tell = (conclusion) => tellOf(conclusion, job, session, context)
    const memory = remember(job, inputs, (state) => saveState('unfinished', state))
    const token = inputs.form === 'plan' ? inputs.gitHubToken : undefined
    const conclusion = await carryOut({
      job,
      session,
      limits: limitsOf(inputs, job),
      tools,
      context,
      onStarted: memory.onStarted,
      onLease: memory.onLease,
      signal: cancelled,
      ...(token !== undefined && {
        announcer: announcer({
          connect: connectWith(token, context, inputs.requestTimeout),
          log: runnerLog,
          onBegun: memory.onBegun,
        }),
        rolledBackUpstream: rolledBackUpstream(() => clientOf(token, context), inputs.requestTimeout, runnerLog),
      }),
    })
    memory.onFinished(conclusion.results)
    await report(conclusion, job)
    await tell?.(conclusion)
  } catch (error) {
    // Everything that throws does so before the first write to a service; what fails later is a result.
    setOutputs({ outcome: 'refused', reason: reason(error) })
    if (error instanceof Refusal) await writeSummary(refusalOf(error.message))
    await tell?.({ outcome: 'refused', reason: reason(error), results: [], notes: [] })
    throw error
  }
}

const limitsOf = (inputs: Inputs, { onFailure }: Job) => ({
  ...inputs,
  failFast: inputs.failFast === 'off' ? undefined : inputs.failFast,
  onFailure,
})

const report = async (conclusion: Conclusion, { title }: Job): Promise<void> => {
  const { results, notes } = conclusion
  setOutputs(outputsOf(conclusion))
  await writeSummary(summaryOf(title, results, conclusion.reason === undefined ? notes : [...notes, conclusion.reason]))
  for (const { service, outcome, runningDigest } of results)
    runnerLog.info(`${service}: ${outcome}${runningDigest === undefined ? '' : `, ${runningDigest} is running`}`)
  const line = failureLine(conclusion)
  if (line !== undefined) fail(`${NAME}: ${line}`)
}

/** A red end is told to Slack where the plan names a webhook; that Slack cannot be told is only said. */
const tellOf = async (conclusion: Conclusion, { plan }: Job, session: Session, { runUrl }: RunContext): Promise<void> => {
  if (plan?.slack === undefined || isGreen(conclusion.outcome)) return
  const { tellSlack } = await import('./slack.ts')
  const isLocal = (process.env['AWS_ENDPOINT_URL'] ?? '') !== ''
  await tellSlack(plan, conclusion, { session, runUrl, mask, isLocal }).catch(({ message }: Error) =>
    runnerLog.warning(`Slack was not told: ${message}`),
  )
}

const connectWith =
  (token: string, context: RunContext, timeout: number): AnnouncerTools['connect'] =>
  async (place) => {
    const { deploymentStatuses } = await import('../../../lib/github/deployment-status.ts')
    return deploymentStatuses(await clientOf(token, context), { ...place, logUrl: context.runUrl, timeout })
  }

const clientOf = async (token: string, { repository, apiUrl }: RunContext): Promise<GitHubClient> =>
  (await import('../../../lib/github/client.ts')).gitHubClient(token, repository, apiUrl)

const sessionOf = (
  { account, region, role }: Pick<Job, 'account' | 'region' | 'role'>,
  context: RunContext,
  requestTimeout: number,
): Promise<Session> =>
  openSession({
    account,
    region,
    role,
    requestTimeout,
    idToken,
    now: systemClock.now,
    sessionName: `slipway-${context.runId || 'by-hand'}-${context.runAttempt || '1'}`,
  })

/** The post step. It has work only where the main step was killed with something in flight. */
const post = async (): Promise<void> => {
  const state = savedState('unfinished')
  if (state === '') return
  const unfinished: Unfinished = JSON.parse(state)
  const context = runContext()
  const job = { ...unfinished, role: unfinished.role === '' ? undefined : unfinished.role }
  const session = await sessionOf(job, context, unfinished.requestTimeout)
  const tools = { log: runnerLog, clock: systemClock, pollInterval: unfinished.pollInterval }
  try {
    const results = await finishKilled(unfinished, session, tools)
    await writeSummary(summaryOf('After the cancellation', results, []))
    for (const { service, outcome, reason = '' } of results) runnerLog.info(`${service}: ${outcome}: ${reason}`)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    runnerLog.notice(`nothing was changed after the cancellation: ${error.message}`)
  }
  await endAnnounced(unfinished, context)
}

const endAnnounced = async ({ announced, requestTimeout }: Unfinished, context: RunContext): Promise<void> => {
  const inputs = announced === undefined ? undefined : readInputs()
  if (announced === undefined || inputs?.form !== 'plan' || inputs.gitHubToken === undefined) return
  try {
    const statuses = await connectWith(inputs.gitHubToken, context, requestTimeout)(announced)
    for (const id of announced.ids) await statuses.end(id, 'inactive', 'the job was killed')
  } catch (error) {
    runnerLog.warning(`GitHub does not hear of the end of this deployment: ${reason(error)}`)
  }
}

await runAction(NAME, savedState('main') === '' ? main : post)
