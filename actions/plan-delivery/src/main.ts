import { openSession, type Session } from '../../../lib/aws/session.ts'
import { systemClock } from '../../../lib/runner/clock.ts'
import { type RunContext, runContext } from '../../../lib/runner/context.ts'
import { runnerLog } from '../../../lib/runner/log.ts'
import { fail, idToken, reason, runAction, setOutputs, writeSummary } from '../../../lib/runner/step.ts'
import { checkout } from './checkout.ts'
import { type Inputs, readInputs } from './inputs.ts'
import { describe, objections, outputs, REFUSED } from './outcome.ts'
import { type Decision, planDelivery } from './plan.ts'
import type { Ports, Reader } from './ports.ts'
import { refusalSummary, summary } from './summary.ts'

const NAME = 'plan-delivery'

const ports = (inputs: Inputs, context: RunContext): Ports => {
  const open = ({ account, region, role }: Reader): Promise<Session> =>
    openSession({
      account,
      region,
      role: inputs.credentials === 'oidc' ? role : undefined,
      sessionName: `${NAME}-${context.runId || 'manual'}-${context.runAttempt || '1'}`,
      requestTimeout: inputs.requestTimeout,
      idToken,
      now: systemClock.now,
    })
  return {
    source: checkout(context.workspace, inputs.commit),
    openRegistry: async (reader) => (await import('./ecr.ts')).ecrRegistry(await open(reader)),
    openLedger: async (reader) => (await import('./ssm.ts')).ssmLedger(await open(reader)),
  }
}

const report = async (decision: Decision, dryRun: boolean): Promise<void> => {
  for (const line of describe(decision, dryRun)) runnerLog.info(line)
  setOutputs(outputs(decision))
  await writeSummary(summary(decision, dryRun))
  const reasons = objections(decision).map(({ gate, reason }) => `${gate}: ${reason}`)
  if (reasons.length > 0) fail(`${NAME}: ${decision.plan.environment} refused: ${reasons.join('; ')}`)
}

const refuse = async (error: unknown): Promise<never> => {
  setOutputs(REFUSED)
  await writeSummary(refusalSummary(reason(error)))
  throw error
}

const decide = async (): Promise<{ decision: Decision; dryRun: boolean }> => {
  const context = runContext()
  const inputs = readInputs(context)
  return { decision: await planDelivery(inputs, ports(inputs, context)), dryRun: inputs.dryRun }
}

await runAction(NAME, async () => {
  const { decision, dryRun } = await decide().catch(refuse)
  await report(decision, dryRun)
})
