import { openSession, type Session } from '../../../lib/aws/session.ts'
import { systemClock } from '../../../lib/runner/clock.ts'
import { type RunContext, runContext } from '../../../lib/runner/context.ts'
import { runnerLog } from '../../../lib/runner/log.ts'
import { fail, idToken, reason, runAction, setOutputs, writeSummary } from '../../../lib/runner/step.ts'
import { checkout, objectsIn } from './checkout.ts'
import type { Decision } from './decision.ts'
import { describe } from './describe.ts'
import { type Inputs, readInputs } from './inputs.ts'
import { objections, opensAt, outcomeOf, outputs, REFUSED } from './outcome.ts'
import { planDelivery } from './plan.ts'
import type { Ports, Reader } from './ports.ts'
import { refusalSummary, summary } from './summary.ts'

const NAME = 'plan-delivery'

const deployments = async ({ gitHubToken, requestTimeout }: Inputs, { repository, apiUrl }: RunContext) => {
  if (gitHubToken === undefined) return undefined
  const [{ gitHubClient }, { gitHubDeployments }] = await Promise.all([
    import('../../../lib/github/client.ts'),
    import('../../../lib/github/deployments.ts'),
  ])
  return gitHubDeployments(await gitHubClient(gitHubToken, repository, apiUrl), requestTimeout)
}

const ports = async (inputs: Inputs, context: RunContext): Promise<Ports> => {
  const sessionName = `${NAME}-${context.runId || 'manual'}-${context.runAttempt || '1'}`
  const common = { sessionName, requestTimeout: inputs.requestTimeout, idToken, now: systemClock.now }
  const sessions = new Map<string, Promise<Session>>()
  /** Ambient credentials in one account are one identity, which is confirmed once. */
  const open = (reader: Reader): Promise<Session> => {
    const { account, region } = reader
    const role = inputs.credentials === 'oidc' ? reader.role : undefined
    const key = [account, region, role].join(' ')
    const session = sessions.get(key) ?? openSession({ ...common, account, region, role })
    sessions.set(key, session)
    return session
  }
  const github = await deployments(inputs, context)
  return {
    source: checkout(context.workspace, inputs.commit),
    objectsAt: (commit, paths) => objectsIn(context.workspace, commit, paths),
    openRegistry: async (reader) => (await import('./ecr.ts')).ecrRegistry(await open(reader)),
    openLedger: async (reader) => (await import('./ssm.ts')).ssmLedger(await open(reader)),
    ...(github && { deployments: github }),
    now: systemClock.now,
  }
}

const report = async (decision: Decision, dryRun: boolean): Promise<void> => {
  for (const line of describe(decision, dryRun)) runnerLog.info(line)
  for (const warning of decision.warnings) runnerLog.warning(warning)
  setOutputs(outputs(decision))
  await writeSummary(summary(decision, dryRun))
  const { environment } = decision.plan
  const reasons = objections(decision)
    .map(({ gate, reason }) => `${gate}: ${reason}`)
    .join('; ')
  const outcome = outcomeOf(decision)
  if (outcome === 'refused') fail(`${NAME}: ${environment} refused: ${reasons}`)
  if (outcome === 'pending') runnerLog.notice(`${environment} waits until ${opensAt(decision)}: ${reasons}`, 'Pending')
}

const refuse = async (error: unknown): Promise<never> => {
  setOutputs(REFUSED)
  await writeSummary(refusalSummary(reason(error)))
  throw error
}

const decide = async (): Promise<{ decision: Decision; dryRun: boolean }> => {
  const context = runContext()
  const inputs = readInputs(context)
  return { decision: await planDelivery(inputs, await ports(inputs, context)), dryRun: inputs.dryRun }
}

await runAction(NAME, async () => {
  const { decision, dryRun } = await decide().catch(refuse)
  await report(decision, dryRun)
})
