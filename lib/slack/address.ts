import { Refusal } from '../refusal.ts'

/** Hosts of Slack's webhooks and of its Web API. */
const SLACK = ['hooks.slack.com', 'hooks.slack-gov.com', 'slack.com', 'slack-gov.com']

/**
 * The parts of an address that must not be printed: it as a whole and its last segment, which is all that protects a
 * webhook.
 */
export const secretsOf = (address: string): string[] => {
  const path = URL.canParse(address) ? new URL(address).pathname : address
  return [address, path.split('/').findLast((part) => part !== '') ?? ''].filter((part) => part.length > 3)
}

/**
 * Refuses an address that is not Slack's. The address is in no message; `what` says where it came from. `isAllowed` takes
 * further hosts, with their port.
 */
export const checkedAddress = (address: string, what: string, isAllowed: (host: string) => boolean = () => false): string => {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url === undefined) throw new Refusal(`${what} is not an address; expected https://hooks.slack.com/services/…`)
  if (isAllowed(url.host)) return address
  if (url.protocol !== 'https:') throw new Refusal(`${what} does not begin with https://`)
  if (SLACK.includes(url.host)) return address
  throw new Refusal(`${what} is at ${url.host}, which is not Slack (${SLACK.join(', ')}); correct it`)
}
