import { openSession, type Session } from '../../../lib/aws/session.ts'
import { Refusal } from '../../../lib/refusal.ts'
import { systemClock } from '../../../lib/runner/clock.ts'
import { type RunContext, runContext } from '../../../lib/runner/context.ts'
import { runnerLog } from '../../../lib/runner/log.ts'
import { fail, idToken, onCancel, runAction, savedState, saveState, setOutputs, writeSummary } from '../../../lib/runner/step.ts'
import { carryOut } from './carry-out.ts'
import { finishKilled, type Unfinished } from './finish.ts'
import { readInputs } from './inputs.ts'
import { type Job, jobOfPlan, jobOfService } from './job.ts'
import { gravest } from './outcome.ts'
import { failureLine, outputsOf } from './report.ts'
import type { ServiceResult } from './request.ts'
import { summaryOf } from './summary.ts'
import type { TargetTools } from './target.ts'

const NAME = 'deploy-service'

const main = async (): Promise<void> => {
  const cancelled = new AbortController()
  onCancel((signal) => {
    runnerLog.warning(`${signal} received; stopping`)
    cancelled.abort()
  })
  try {
    const inputs = readInputs()
    const job = inputs.form === 'plan' ? await jobOfPlan(inputs) : jobOfService(inputs)
    const tools: TargetTools = { log: runnerLog, clock: systemClock, pollInterval: inputs.pollInterval }
    const context = runContext()
    const session = await sessionOf(job, context, inputs.requestTimeout)
    const remember = rememberDeployments(job, inputs.requestTimeout, inputs.pollInterval)
    const limits = { ...inputs, failFast: inputs.failFast === 'off' ? undefined : inputs.failFast, onFailure: job.onFailure }
    const { results, notes } = await carryOut({
      job,
      session,
      limits,
      tools,
      context,
      onStarted: remember.started,
      signal: cancelled.signal,
    })
    remember.finished(results)
    const outcome = gravest(results.map((result) => result.outcome))
    setOutputs(outputsOf(outcome, results))
    await writeSummary(summaryOf(job.title, results, notes))
    for (const { service, outcome: ended, runningDigest } of results)
      runnerLog.info(`${service}: ${ended}${runningDigest === undefined ? '' : `, ${runningDigest} is running`}`)
    const line = failureLine(outcome, results)
    if (line !== undefined) fail(`${NAME}: ${line}`)
  } catch (error) {
    // Everything that throws does so before the first write; what fails later is a result.
    setOutputs({ outcome: 'refused', reason: (error as Error).message })
    if (error instanceof Refusal) await writeSummary(`### Deployment refused\n\n${error.message}\n`)
    throw error
  }
}

/** What the runner keeps for the post step: enough to stop a deployment that this process can no longer stop. */
const rememberDeployments = (job: Job, requestTimeout: number, pollInterval: number) => {
  const unfinished: Unfinished = {
    account: job.account,
    region: job.region,
    role: job.role ?? '',
    requestTimeout,
    pollInterval,
    deployments: [],
  }
  saveState('main', 'started')
  return {
    started: (service: string, deployment: Unfinished['deployments'][number]['deployment']): void => {
      const target = job.services.find(({ name }) => name === service)?.target
      if (target) unfinished.deployments.push({ service, target, deployment })
      saveState('unfinished', JSON.stringify(unfinished))
    },
    /** What nobody saw end is left to the post step, which has credentials of its own. */
    finished: (results: readonly ServiceResult[]): void => {
      const unseen = results.filter((result) => result.unseen).map(({ service }) => service)
      const deployments = unfinished.deployments.filter(({ service }) => unseen.includes(service))
      saveState('unfinished', deployments.length === 0 ? '' : JSON.stringify({ ...unfinished, deployments }))
    },
  }
}

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

/** The post step. It has work only where the main step was killed with a deployment in flight. */
const post = async (): Promise<void> => {
  const state = savedState('unfinished')
  if (state === '') return
  const unfinished: Unfinished = JSON.parse(state)
  const job = { ...unfinished, role: unfinished.role === '' ? undefined : unfinished.role }
  const session = await sessionOf(job, runContext(), unfinished.requestTimeout)
  const results = await finishKilled(unfinished, session, {
    log: runnerLog,
    clock: systemClock,
    pollInterval: unfinished.pollInterval,
  })
  await writeSummary(summaryOf('After the cancellation', results, []))
  for (const { service, outcome, reason = '' } of results) runnerLog.info(`${service}: ${outcome}: ${reason}`)
}

await runAction(NAME, savedState('main') === '' ? main : post)
