import { call } from '../../../lib/aws/errors.ts'
import type { Session } from '../../../lib/aws/session.ts'
import type { DeploymentPlan } from '../../../lib/delivery/plan.ts'
import type { Conclusion } from './conclusion.ts'
import { culpritOf } from './request.ts'

export type SlackTools = {
  session: Session
  runUrl: string
  /** Hides the address in everything that is printed. */
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
  const address = await webhook(session, slack)
  if (address !== '') mask(address)
  if (!isWebhook(address, isLocal)) {
    throw new Error(`the parameter ${slack} does not hold the address of a Slack webhook, https://hooks.slack.com/…`)
  }
  const text = messageOf(`${project} in ${environment}`, conclusion, runUrl)
  const answer = await fetch(address, {
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

const webhook = async (session: Session, name: string): Promise<string> => {
  const { GetParameterCommand, SSMClient } = await import('@aws-sdk/client-ssm')
  const command = new GetParameterCommand({ Name: name, WithDecryption: true })
  const { Parameter } = await call('ssm:GetParameter', () => session.client(SSMClient).send(command))
  return Parameter?.Value?.trim() ?? ''
}

const isWebhook = (address: string, isLocal: boolean): boolean => {
  if (!URL.canParse(address)) return false
  const { protocol, hostname } = new URL(address)
  return (protocol === 'https:' && hostname === 'hooks.slack.com') || (isLocal && hostname === '127.0.0.1')
}

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
    `*${escaped(place)}*: ${culprit === undefined ? '' : `${escaped(culprit.service)} `}${outcome}`,
    escaped(culprit?.reason ?? reason ?? ''),
    cause === undefined || culprit?.reason?.includes(cause) ? '' : `Cause: ${escaped(cause)}`,
  ]
  const text = lines.filter((line) => line !== '').join('\n')
  const link = runUrl === '' ? '' : `\n<${runUrl}|See the run>`
  return (text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`) + link
}

/** The three characters by which Slack tells text from its own marks. */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
