import { z } from 'zod'
import { budget } from './budget.ts'
import { cluster } from './cluster.ts'
import { account, duration, list, NAME, NAME_EXPECTED, region, section, text } from './fields.ts'
import { network } from './network.ts'

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

const day = z.enum(DAYS, { error: `one of ${DAYS.join(', ')}` }).describe('A day of the week.')

const time = (description: string) =>
  text(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'a time of day from 00:00 to 23:59, for example "08:00"', description)

const TIMEZONE = 'a time zone of the IANA database, for example "Europe/Zurich"'

const isTimezone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== ''
  } catch {
    return false
  }
}

export const window = section(
  {
    days: list(day, '["mon", "tue"]', 'Days on which promotions may start.', 7),
    from: time('Time of day from which promotions may start.'),
    to: time('Time of day before which promotions must have started. Later than `from`: a window does not span midnight.'),
    timezone: z
      .string({ error: TIMEZONE })
      .refine(isTimezone, { error: TIMEZONE })
      .describe('Time zone of the days and times, by its IANA name; summer time is followed.'),
  },
  'When promotions to this environment may start. Outside of it they stay pending and are tried again. Rollbacks and hotfixes pass.',
).refine(({ from, to }) => from < to, { error: 'a window whose from is before its to' })

const date = (description: string) => {
  const error = 'a date as YEAR-MONTH-DAY, for example "2026-12-20"'
  return z.iso.date({ error }).describe(description)
}

export const freeze = section(
  {
    from: date('First day of the freeze.'),
    to: date('Last day of the freeze, which it includes.'),
    reason: text(/\S/, 'a reason in words', 'Why; shown wherever a promotion waits for it.'),
  },
  'Days on which nothing is promoted here, in the time zone of `window`, or in UTC where there is none.',
).refine(({ from, to }) => from <= to, { error: 'a freeze whose from is not after its to' })

const BRANCH = /^(?!.*(?:\.\.|\/\/|\.lock$|\/$|\.$))[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/

export const environment = section(
  {
    branch: text(
      BRANCH,
      'the full name of one branch without wildcards, for example "main"',
      'Branch whose pushes are delivered here. Upper and lower case count.',
    ),
    account: account('AWS account of this environment: 12 digits in quotes.'),
    region: region('AWS region of this environment.'),
    promotesFrom: text(
      NAME,
      NAME_EXPECTED,
      'Environment in which an image must have been verified before it comes here. Without it, images are built for this environment.',
    ).optional(),
    soak: duration(
      '1s',
      '30d',
      'How long a release must have stood verified in `promotesFrom` before it may come here, `30m`. Default: not at all.',
    ).optional(),
    window: window.optional(),
    freeze: list(freeze, '[{ "from": "2026-12-20", "to": "2027-01-03", "reason": "…" }]', 'Days without promotions.').optional(),
    reviewers: list(
      text(/^[A-Za-z0-9][\w-]*(?:\/[A-Za-z0-9][\w.-]*)?$/, 'a GitHub user, or a team as "acme/platform"', 'A user or a team.'),
      '["octocat", "acme/platform"]',
      'GitHub users and teams of whom one approves each deployment. GitHub takes at most 6.',
      6,
    ).optional(),
    domain: text(
      /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
      'a domain name in lower case, for example "example.org"',
      'Domain of the public addresses of this environment.',
    ).optional(),
    zone: text(
      /^Z[A-Z0-9]{5,31}$/,
      'the id of a hosted zone, for example "Z0123456789ABCDEFGHIJ"',
      'Id of the hosted zone of `domain` in Route 53, in the account of this environment. Names and certificates are made there.',
    ).optional(),
    certificate: text(
      /^arn:aws(?:-[a-z]+)*:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]{36}$/,
      'the ARN of a certificate, for example "arn:aws:acm:eu-west-1:111111111111:certificate/…"',
      'ARN of a certificate for `domain` and the names below it, in the account and region of this environment. Default: made and renewed in `zone`.',
    ).optional(),
    slack: text(
      /^(?:\/[A-Za-z0-9_.-]+){1,15}$/,
      'the name of an SSM parameter, for example "/shop/prod/slack"',
      'SSM SecureString of this environment that holds the address of a Slack webhook: it hears of failed deployments and of the budget.',
    ).optional(),
    protect: z
      .boolean({ error: 'true or false' })
      .describe(
        'Whether stacks here cannot be deleted and what they keep outlives them. Default: true where nothing is promoted further.',
      )
      .optional(),
    network: network.optional(),
    cluster: cluster.optional(),
    budgets: list(
      budget,
      '[{ "limit": 100 }]',
      'What this environment may cost. AWS tells Slack, where `slack` is given, when it is more.',
      20,
    ).optional(),
  },
  'A place where the services run.',
)
