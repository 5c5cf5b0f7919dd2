import { secretParameter } from '../../../lib/aws/parameters.ts'
import { openSession } from '../../../lib/aws/session.ts'
import { systemClock } from '../../../lib/runner/clock.ts'
import { type RunContext, runContext } from '../../../lib/runner/context.ts'
import { inert, runnerLog } from '../../../lib/runner/log.ts'
import { fail, idToken, mask, reason, runAction, setOutputs, writeSummary } from '../../../lib/runner/step.ts'
import { checkedAddress, secretsOf } from '../../../lib/slack/address.ts'
import { dayOf } from './calendar.ts'
import { type EnvironmentReport, type Place, reportEnvironment } from './environment-report.ts'
import { failuresOf, type Inputs, readInputs } from './inputs.ts'
import { outputsOf, verdictOf } from './outputs.ts'
import { chooser, placesOf } from './places.ts'
import { type Published, publish } from './publish.ts'
import { type Chosen, recipients } from './recipients.ts'
import type { Message } from './slack/message.ts'
import { awsSources } from './sources.ts'
import { summary } from './summary.ts'
import { headline, sentences } from './words.ts'

const NAME = 'budget-report'

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

/** Prints what would be sent, for Slack's own tool to draw it. */
const show = (ladder: readonly Message[]): void => {
  const [{ text, blocks = [] } = { text: '' }] = ladder
  runnerLog.info(inert(JSON.stringify({ text, blocks }, null, 2)))
  runnerLog.info(`https://app.slack.com/block-kit-builder/#${encodeURIComponent(JSON.stringify({ blocks }))}`)
}

/** Posts to every recipient; one that cannot be reached does not keep the report from the others. */
const publishAll = async (
  inputs: Inputs,
  context: RunContext,
  chosen: readonly Chosen[],
  reports: readonly EnvironmentReport[],
) => {
  const links = context.runUrl === '' ? [] : [{ text: 'run', url: context.runUrl }]
  const secret = async (name: string, owner: Place): Promise<string> =>
    secretParameter(await sessionOf(inputs, context, owner), name)
  const problems: string[] = []
  const published: Published[] = []
  for (const { environments, open } of recipients(chosen, inputs, { mask, secret })) {
    const own = reports.filter(({ place }) => environments.includes(place.environment))
    try {
      const wish = { ...inputs, links, today: dayOf(systemClock.now()) }
      const web = { fetch, clock: systemClock, timeout: inputs.requestTimeout }
      const answer = await publish(own, inputs.dryRun ? undefined : open, wish, web)
      published.push(answer)
      if (inputs.dryRun) show(answer.ladder)
      if (answer.sent?.warning !== undefined) runnerLog.warning(answer.sent.warning)
    } catch (error) {
      problems.push(reason(error))
    }
  }
  const sent = published.flatMap((each) => each.sent ?? [])
  const isPosted =
    problems.length === 0 && published.some(({ posted }) => posted) && sent.every(({ result }) => result === 'posted')
  setOutputs({
    posted: String(isPosted),
    'slack-rendering': isPosted ? (sent[0]?.rendering ?? '') : '',
    'slack-ts': sent[0]?.ts ?? '',
  })
  return problems
}

await runAction(NAME, async () => {
  const inputs = readInputs()
  for (const secret of [inputs.bot?.token ?? '', ...secretsOf(inputs.webhook ?? '')]) if (secret !== '') mask(secret)
  if (inputs.webhook !== undefined)
    checkedAddress(inputs.webhook, "input 'slack-webhook'", (host) => inputs.allowHosts.includes(host))
  const context = runContext()
  const chosen = await placesToReport(inputs, context)
  const reports = await reportAll(inputs, context, chosen, dayOf(systemClock.now()))
  setOutputs(outputsOf(reports))
  // Before Slack is asked, so that the figures survive whatever it answers.
  await writeSummary(summary(reports))
  const refused = await publishAll(inputs, context, chosen, reports)
  if (inputs.onSlackError === 'warn') for (const problem of refused) runnerLog.warning(problem)
  const found = failuresOf(inputs.failOn, verdictOf(reports))
  const problems = [
    ...(inputs.onSlackError === 'fail' ? refused : []),
    ...(found.length > 0 ? [`${found.join(', ')}: ${reports.map(headline).join('; ')}`] : []),
  ]
  if (problems.length > 0) fail(`${NAME}: ${problems.join('; ')}`)
})
