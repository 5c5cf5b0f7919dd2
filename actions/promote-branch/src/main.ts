import { parseConfiguration } from '../../../lib/delivery/parse.ts'
import { gitHubClient } from '../../../lib/github/client.ts'
import { gitHubDeployments } from '../../../lib/github/deployments.ts'
import { promotionContext } from '../../../lib/github/promotion.ts'
import { pullRequests } from '../../../lib/github/pulls.ts'
import { commitStatuses } from '../../../lib/github/statuses.ts'
import { systemClock } from '../../../lib/runner/clock.ts'
import { type RunContext, runContext } from '../../../lib/runner/context.ts'
import { runnerLog } from '../../../lib/runner/log.ts'
import { mask, reason, runAction, setOutputs, writeSummary } from '../../../lib/runner/step.ts'
import { clone } from './clone.ts'
import { type Inputs, readInputs } from './inputs.ts'
import { allGates, describe, isJudged, outputs, type Result } from './outcome.ts'
import type { Ports } from './ports.ts'
import { promote } from './promote.ts'
import { refusalSummary, summary } from './summary.ts'

const NAME = 'promote-branch'

const openPorts = async ({ token }: Inputs, { repository, apiUrl, workspace }: RunContext): Promise<Ports> => {
  const client = await gitHubClient(token, repository, apiUrl)
  return {
    clone: clone(workspace),
    pulls: pullRequests(client),
    statuses: commitStatuses(client),
    deployments: gitHubDeployments(client),
  }
}

const carryOut = async (): Promise<{ result: Result; inputs: Inputs }> => {
  const context = runContext()
  const inputs = readInputs(context)
  mask(inputs.token)
  const ports = await openPorts(inputs, context)
  const tree = ports.clone.source(inputs.commit, `commit ${inputs.commit.slice(0, 12)}`)
  const configuration = parseConfiguration(await tree.file(inputs.config), inputs.config)
  const { config, dryRun } = inputs
  const settings = { configuration, config, dryRun, now: systemClock.now(), runUrl: context.runUrl }
  return { result: await promote(inputs, settings, ports), inputs }
}

/** A gate that says no turns no step red: the commit status is the answer, and it may change without another run of this job. */
const report = async (result: Result, { dryRun, pull }: Inputs): Promise<void> => {
  for (const line of describe(result, dryRun)) runnerLog.info(line)
  for (const { pull: asked, place, verdict, status } of allGates(result).filter(isJudged)) {
    const title = promotionContext(place.name)
    const message = `pull request ${asked.number}: ${verdict.reason}`
    if (verdict.state === 'failure' && pull !== undefined) runnerLog.error(message, title)
    else if (verdict.warning) runnerLog.warning(message, title)
    else if (verdict.state === 'pending') runnerLog.notice(message, title)
    if (status === 'not-permitted') {
      runnerLog.warning(
        'the run of a pull request from a fork may only read, so its status is posted by nobody; promotions come from branches of this repository',
        title,
      )
    }
  }
  setOutputs(outputs(result))
  await writeSummary(summary(result, dryRun))
}

const refuse = async (error: unknown): Promise<never> => {
  setOutputs({ outcome: 'refused' })
  await writeSummary(refusalSummary(reason(error)))
  throw error
}

await runAction(NAME, async () => {
  const { result, inputs } = await carryOut().catch(refuse)
  await report(result, inputs)
})
