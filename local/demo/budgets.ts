import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { startSlack } from '../slack/inbox.ts'
import { expect } from './deviation.ts'
import type { Farewell } from './farewell.ts'
import { runJob } from './job.ts'
import type { World } from './world.ts'

const PARAMETER = '/slack/webhook'

/** Reports what the accounts spend, as the workflow does every morning, and resolves to the address of the inbox that got it. */
export const reportBudgets = async (world: World, farewell: Farewell): Promise<string> => {
  const { screen, setting, cloud, repository } = world
  screen.heading('The budget report')
  const slack = await farewell.keep(
    () => startSlack(),
    (started) => started.close(),
  )
  const first = setting.environments[0]
  const last = setting.environments.at(-1)
  if (first === undefined || last === undefined) throw new Error('delivery.json has no environment')
  const ssm = new SSMClient({ endpoint: cloud.endpoint, region: first.region, credentials: cloud.adminKey(first.account) })
  await ssm.send(new PutParameterCommand({ Name: PARAMETER, Type: 'SecureString', Value: slack.webhook, Overwrite: true }))
  const since = cloud.recorder.mark()
  const step = await runJob(world, {
    action: 'budget-report',
    workflow: '_budget.yml',
    environment: 'budget',
    branch: last.branch,
    commit: await repository.head(last.branch),
    run: 900,
    inputs: { 'slack-webhook-parameter': PARAMETER, 'allow-hosts': slack.host },
  })
  expect(step.exitCode === 0 && slack.messages.length === 1, 'one message in Slack', 'budget-report failed')
  const paid = cloud.recorder.calls({ since }).filter(({ service }) => service === 'ce').length
  screen.done(
    `one message for ${setting.environments.length} accounts in the local Slack; Cost Explorer requests: ${paid} ($${(paid / 100).toFixed(2)})`,
    step.milliseconds,
  )
  return slack.url
}
