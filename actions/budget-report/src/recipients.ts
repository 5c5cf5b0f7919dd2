import { checkedAddress, secretsOf } from '../../../lib/slack/address.ts'
import type { Place } from './environment-report.ts'
import type { Slack } from './slack/send.ts'

export type Chosen = { place: Place; prefix?: string; slack?: string }

/** Environments whose reports go into one message, and where that is sent; nowhere where none is known. */
export type Recipient = { environments: readonly string[]; open?: () => Promise<Slack> }

type Given = {
  webhook: string | undefined
  parameter: string | undefined
  bot: { token: string; channel: string } | undefined
  allowHosts: readonly string[]
}

type Tools = {
  mask(secret: string): void
  /** Value of an SSM SecureString in the account of that environment. */
  secret(name: string, owner: Place): Promise<string>
}

/**
 * One message for all where the inputs say where to; otherwise one for each webhook of the configuration, with the
 * environments that name it. Nothing is read before it is opened.
 */
export const recipients = (chosen: readonly Chosen[], given: Given, tools: Tools): Recipient[] => {
  const environments = chosen.map(({ place }) => place.environment)
  const { webhook, parameter, bot, allowHosts } = given
  const at = async (address: string, what: string): Promise<Slack> => {
    for (const secret of secretsOf(address)) tools.mask(secret)
    return { kind: 'webhook', url: checkedAddress(address, what, (host) => allowHosts.includes(host)) }
  }
  /** Each environment that names it may be asked: one that cannot be read does not silence the others. */
  const inParameter = (name: string, owners: readonly Place[]) => async (): Promise<Slack> => {
    let failed: unknown = new Error('there is no environment to report')
    for (const owner of owners) {
      try {
        return await at(await tools.secret(name, owner), `the value of ${name}`)
      } catch (error) {
        failed = error
      }
    }
    throw failed
  }
  if (bot) return [{ environments, open: () => Promise.resolve({ kind: 'bot', api: botApi(allowHosts), ...bot }) }]
  if (webhook !== undefined) return [{ environments, open: () => at(webhook, "input 'slack-webhook'") }]
  if (parameter !== undefined)
    return [
      {
        environments,
        open: inParameter(
          parameter,
          chosen.map(({ place }) => place),
        ),
      },
    ]
  return [...Map.groupBy(chosen, ({ slack }) => slack)].map(([name, group]) => ({
    environments: group.map(({ place }) => place.environment),
    ...(name !== undefined && {
      open: inParameter(
        name,
        group.map(({ place }) => place),
      ),
    }),
  }))
}

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/

/** Slack's own, or the first host that is allowed besides. A token goes over an open line to this machine only. */
const botApi = ([host]: readonly string[]): string => {
  if (host === undefined) return 'https://slack.com/api/'
  return `${LOOPBACK.test(host) ? 'http' : 'https'}://${host}/api/`
}
