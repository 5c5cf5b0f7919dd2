import { secretParameter } from '../../../lib/aws/parameters.ts'
import type { Session } from '../../../lib/aws/session.ts'
import type { DeploymentPlan } from '../../../lib/delivery/plan.ts'
import { checkedAddress, secretsOf } from '../../../lib/slack/address.ts'
import { inert } from '../../../lib/slack/text.ts'
import type { Conclusion } from './conclusion.ts'
import { culpritOf } from './request.ts'

export type SlackTools = {
  session: Session
  runUrl: string
  /** Hides a secret in everything that is printed. */
  mask(secret: string): void
  /** AWS is the local cloud: so may Slack be, on this machine. */
  isLocal: boolean
}

/** Tells Slack how a red delivery ended. Sent once: a post whose answer got lost may have arrived. Rejects in words. */
export const tellSlack = async (
  { project, environment, slack = '' }: DeploymentPlan,
  conclusion: Pick<Conclusion, 'outcome' | 'reason' | 'results'>,
  { session, runUrl, mask, isLocal }: SlackTools,
): Promise<void> => {
  const address = await secretParameter(session, slack)
  for (const secret of secretsOf(address)) mask(secret)
  const text = messageOf(`${project} in ${environment}`, conclusion, runUrl)
  const answer = await fetch(checkedAddress(address, `the value of ${slack}`, isLocal ? isOfThisMachine : undefined), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text }),
    redirect: 'manual',
    signal: AbortSignal.timeout(session.requestTimeout),
  }).catch(({ name }: Error) => {
    throw new Error(name === 'TimeoutError' ? 'Slack did not answer in time' : 'Slack cannot be reached')
  })
  if (!answer.ok) throw new Error(`Slack answered ${answer.status} ${(await answer.text()).slice(0, 100)}`)
}

const isOfThisMachine = (host: string): boolean => /^127\.0\.0\.1(:\d+)?$/.test(host)

/** Slack's limit for one text is 40,000 characters; what is read at a glance is far shorter. */
const LONGEST = 1_500

/** Exported for its test: environment, service, outcome, cause and the link to the run. */
export const messageOf = (
  place: string,
  { outcome, reason, results }: Pick<Conclusion, 'outcome' | 'reason' | 'results'>,
  runUrl: string,
): string => {
  const culprit = culpritOf(results)
  const cause = culprit?.causes[0]?.reason
  const lines = [
    `*${inert(place)}*: ${culprit === undefined ? '' : `${inert(culprit.service)} `}${outcome}`,
    inert(culprit?.reason ?? reason ?? ''),
    cause === undefined || culprit?.reason?.includes(cause) ? '' : `Cause: ${inert(cause)}`,
  ]
  const text = lines.filter((line) => line !== '').join('\n')
  const link = runUrl === '' ? '' : `\n<${runUrl}|See the run>`
  return (text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`) + link
}
