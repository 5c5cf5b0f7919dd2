import { openSession } from '../../../lib/aws/session.ts'
import { systemClock } from '../../../lib/runner/clock.ts'
import { type RunContext, runContext } from '../../../lib/runner/context.ts'
import { inert, runnerLog } from '../../../lib/runner/log.ts'
import { fail, idToken, mask, reason, runAction, setOutputs, writeSummary } from '../../../lib/runner/step.ts'
import { dayOf } from './calendar.ts'
import { type EnvironmentReport, type Place, reportEnvironment } from './environment-report.ts'
import { failuresOf, type Inputs, readInputs } from './inputs.ts'
import { outputsOf, verdictOf } from './outputs.ts'
import { chooser, placesOf } from './places.ts'
import { publish } from './publish.ts'
import { checked, secretsOf } from './slack/address.ts'
import type { Slack } from './slack/send.ts'
import { awsSources } from './sources.ts'
import { summary } from './summary.ts'
import { headline, sentences } from './words.ts'

const NAME = 'budget-report'

type Chosen = { place: Place; prefix?: string; slack?: string }

const sessionOf = (inputs: Inputs, context: RunContext, { account, region, role }: Place) =>
  openSession({
    account,
    region,
    role,
    requestTimeout: inputs.requestTimeout,
    idToken,
    now: systemClock.now,
    sessionName: `${NAME}-${context.runId || 'by-hand'}-${context.runAttempt || '1'}`,
  })

const placesToReport = (inputs: Inputs, context: RunContext): Promise<Chosen[]> =>
  inputs.places.form === 'config' ? placesOf(context.workspace, inputs.places) : Promise.resolve([{ place: inputs.places }])

/** One account after the other: one that fails does not hide the rest. */
const reportAll = async (inputs: Inputs, context: RunContext, chosen: readonly Chosen[], today: string) => {
  const reports: EnvironmentReport[] = []
  for (const { place, prefix } of chosen) {
    const sources = awsSources(() => sessionOf(inputs, context, place), { ...inputs, today })
    const choose = (names: readonly string[]) => chooser(inputs.budgetNames, prefix, names)
    const report = await reportEnvironment(place, sources, { ...inputs, today, choose })
    runnerLog.info(headline(report))
    for (const line of [...sentences(report), ...report.notes]) runnerLog.info(`  ${line}`)
    if (report.incomplete) runnerLog.warning(`${place.environment}: ${report.notes.join('; ')}`)
    reports.push(report)
  }
  return reports
}

/** The addresses are masked before they are looked at. A webhook in SSM is read with the role of the environment that it belongs to. */
const slackOf = async (inputs: Inputs, context: RunContext, chosen: readonly Chosen[]): Promise<Slack | undefined> => {
  const { bot, parameter } = inputs
  if (bot) {
    mask(bot.token)
    return { kind: 'bot', api: botApi(inputs), ...bot }
  }
  const [from] = chosen.filter(({ slack }) => slack !== undefined)
  const name = parameter ?? from?.slack
  const place = (from ?? chosen[0])?.place
  const read = async (parameterName: string, owner: Place): Promise<string> =>
    (await import('./ssm.ts')).secretParameter(await sessionOf(inputs, context, owner), parameterName)
  const url = inputs.webhook ?? (name !== undefined && place ? await read(name, place) : undefined)
  if (url === undefined) return undefined
  for (const secret of secretsOf(url)) mask(secret)
  const what = inputs.webhook === undefined ? `the value of ${name}` : "input 'slack-webhook'"
  return { kind: 'webhook', url: checked(url, inputs.allowHosts, what) }
}

/** Slack's own, or the first host that is allowed besides, as a proxy before Slack is. */
const botApi = ({ allowHosts: [host] }: Inputs): string => (host === undefined ? 'https://slack.com/api/' : `http://${host}/api/`)

await runAction(NAME, async () => {
  const inputs = readInputs()
  for (const secret of [inputs.bot?.token ?? '', ...secretsOf(inputs.webhook ?? '')]) if (secret !== '') mask(secret)
  const context = runContext()
  const chosen = await placesToReport(inputs, context)
  const today = dayOf(systemClock.now())
  const reports = await reportAll(inputs, context, chosen, today)
  setOutputs(outputsOf(reports))
  // Before Slack is asked, so that the figures survive whatever it answers.
  await writeSummary(summary(reports))
  const links = context.runUrl === '' ? [] : [{ text: 'run', url: context.runUrl }]
  const problems: string[] = []
  try {
    const slack = await slackOf(inputs, context, chosen)
    const web = { fetch, clock: systemClock, timeout: inputs.requestTimeout }
    const { posted, ladder, sent } = await publish(reports, slack, { ...inputs, links, today }, web)
    if (inputs.dryRun) {
      const [first] = ladder
      runnerLog.info(inert(JSON.stringify({ text: first?.text, blocks: first?.blocks }, null, 2)))
      runnerLog.info(
        `https://app.slack.com/block-kit-builder/#${encodeURIComponent(JSON.stringify({ blocks: first?.blocks ?? [] }))}`,
      )
    }
    if (sent?.warning !== undefined) runnerLog.warning(sent.warning)
    setOutputs({ posted: String(posted), 'slack-rendering': sent?.rendering ?? '', 'slack-ts': sent?.ts ?? '' })
  } catch (error) {
    setOutputs({ posted: 'false', 'slack-rendering': '', 'slack-ts': '' })
    if (inputs.onSlackError === 'fail') problems.push(reason(error))
    else runnerLog.warning(reason(error))
  }
  const found = failuresOf(inputs.failOn, verdictOf(reports))
  if (found.length > 0) problems.push(`${found.join(', ')}: ${reports.map(headline).join('; ')}`)
  if (problems.length > 0) fail(`${NAME}: ${problems.join('; ')}`)
})
