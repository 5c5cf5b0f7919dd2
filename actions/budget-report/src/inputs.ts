import {
  accountId,
  awsRegion,
  duration,
  exclude,
  flag,
  integer,
  lines,
  matching,
  oneOf,
  optional,
  type Parser,
  refuse,
  required,
  roleArn,
} from '../../../lib/runner/inputs.ts'
import type { Status } from './budget.ts'

const ENVIRONMENT = matching(/^[\w.-]{1,100}$/, 'a name of letters, digits, dots, hyphens and underscores, for example prod')
const PARAMETER = matching(/^(?:\/[A-Za-z0-9_.-]+){1,15}$/, 'the name of an SSM parameter, for example /shop/prod/slack')
const CONFIG = matching(
  /^(?!\/)(?!(?:.*\/)?\.{1,2}(?:\/|$))[^\\:\0\n]+$/,
  'a path from the root of the repository, for example delivery.json',
)
const METRIC = oneOf('auto', 'UnblendedCost', 'AmortizedCost', 'BlendedCost', 'NetAmortizedCost', 'NetUnblendedCost')
const CHANNEL = matching(/^[#\w.-]{1,80}$/, 'the id or the name of a channel, for example C0123456789')
const MENTION = matching(
  /^<[!@#][\w^|-]{1,80}>$/,
  'a mention as Slack writes it, for example <!subteam^S0123456789> or <@U0123456789>',
)

const FAILURES = ['error', 'over', 'at-risk', 'forecast-over'] as const
export type Failure = (typeof FAILURES)[number]

const failOn: Parser<Failure[]> = (value, name) => {
  if (value === 'never') return []
  const parts = value.split(/[\s,]+/).filter((part) => part !== '')
  const known = parts.filter((part): part is Failure => (FAILURES as readonly string[]).includes(part))
  return known.length === parts.length && parts.length > 0
    ? known
    : refuse(name, `never, or some of ${FAILURES.join(', ')}`, value)
}

export type Inputs = ReturnType<typeof readInputs>

export const readInputs = () => {
  const inputs = { places: readPlaces(), ...readSlack(), ...readOptions() }
  if (inputs.postWhen === 'changed' && inputs.stateFile === undefined)
    throw new Error("input 'post-when' must go with 'state-file' where it is 'changed': without it every report is the first one")
  return inputs
}

/** One account by plain inputs, or the environments of a configuration. */
const readPlaces = () => {
  if (optional('aws-account-id', accountId) === undefined) {
    exclude('role-to-assume', "goes with 'aws-account-id'; with 'config' the roles follow from it")
    exclude('environment', "goes with 'aws-account-id'; did you mean 'environments'?")
    return {
      form: 'config' as const,
      config: optional('config', CONFIG) ?? 'delivery.json',
      environments: optional('environments', lines) ?? [],
      credentials: optional('credentials', oneOf('oidc', 'ambient')) ?? 'oidc',
    }
  }
  for (const name of ['config', 'environments', 'credentials']) exclude(name, "goes without 'aws-account-id'; remove one of them")
  return {
    form: 'account' as const,
    environment: optional('environment', ENVIRONMENT) ?? required('aws-account-id', accountId),
    account: required('aws-account-id', accountId),
    region: optional('aws-region', awsRegion) ?? 'us-east-1',
    role: optional('role-to-assume', roleArn),
    limits: [],
  }
}

const ONE_WAY = "excludes the other ways to Slack: give one of 'slack-webhook', 'slack-webhook-parameter' and 'slack-bot-token'"

const secret: Parser<string> = (value) => value

const readSlack = () => {
  const webhook = optional('slack-webhook', secret)
  const parameter = optional('slack-webhook-parameter', PARAMETER)
  const token = optional('slack-bot-token', secret)
  if ([webhook, parameter, token].filter((given) => given !== undefined).length > 1)
    throw new Error(`input 'slack-webhook' ${ONE_WAY}`)
  if (token === undefined) exclude('slack-channel', "goes with 'slack-bot-token'; a webhook has a channel of its own")
  return {
    webhook,
    parameter,
    bot: token === undefined ? undefined : { token, channel: required('slack-channel', CHANNEL) },
    allowHosts: optional('allow-hosts', lines) ?? [],
  }
}

const readOptions = () => ({
  level: optional('level', oneOf('budgets', 'standard', 'full')) ?? 'standard',
  maxRequests: optional('max-ce-requests', integer(0, 100)) ?? 5,
  metric: optional('metric', METRIC) ?? 'auto',
  chargeTypes: optional('charge-types', oneOf('auto', 'as-billed', 'usage')) ?? 'auto',
  budgetNames: optional('budget-names', lines) ?? [],
  warn: optional('warn', integer(1, 100)) ?? 80,
  lagDays: optional('data-lag-days', integer(1, 7)) ?? 2,
  anomalyMinimum: optional('anomaly-minimum', integer(0, 1_000_000)) ?? 10,
  top: optional('top', integer(1, 30)) ?? 8,
  postWhen: optional('post-when', oneOf('always', 'over-threshold', 'changed')) ?? 'always',
  stateFile: optional('state-file', matching(/^[^\0\n]+$/, 'a path')),
  mention: optional('mention', MENTION),
  failOn: optional('fail-on', failOn) ?? (['error'] as Failure[]),
  onSlackError: optional('on-slack-error', oneOf('fail', 'warn')) ?? 'fail',
  requestTimeout: optional('request-timeout', duration('1s', '5m')) ?? 15_000,
  dryRun: optional('dry-run', flag) ?? false,
})

/** Whether the step ends red for what was found. */
export const failuresOf = (
  failOn: readonly Failure[],
  { status, incomplete, forecastOver }: { status: Status; incomplete: boolean; forecastOver: boolean },
): Failure[] =>
  failOn.filter(
    (failure) =>
      (failure === 'error' && incomplete) ||
      (failure === 'over' && status === 'over') ||
      (failure === 'at-risk' && (status === 'at risk' || status === 'over')) ||
      (failure === 'forecast-over' && forecastOver),
  )
