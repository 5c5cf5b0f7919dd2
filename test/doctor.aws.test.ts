import { expect, test } from 'vitest'
import { example } from '../lib/delivery/configuration.case.ts'
import { identity } from '../lib/delivery/identity.ts'
import { COST_TAG } from '../lib/delivery/names.ts'
import type { Account, Parameter } from '../scripts/doctor/account.ts'
import { checkAws } from '../scripts/doctor/aws.ts'
import type { Finding } from '../scripts/doctor/finding.ts'
import type { Seen } from '../scripts/setup/observed.ts'

const seen = async <T>(value: T): Promise<Seen<T>> => ({ value })
const digest = `sha256:${'a'.repeat(64)}`
const release = {
  release: 'rel-0123456789abcdef',
  images: { app: { digest, tag: 'src-1' } },
  services: { api: 'app' },
  commit: 'c',
  run: 'r',
  actor: 'octocat',
  verifiedAt: '2026-11-20T10:00:00.000Z',
  rejected: [],
}

/** What is otherwise in an account; `recorded` are its parameters. */
type Change = Partial<Account> & { recorded?: Parameter[] }

/** All accounts of the example as they should be, one of them changed. */
const examine = async (
  changes: Record<string, Change> = {},
  configuration = example(),
  left: string[] = [],
): Promise<string[]> => {
  const { accounts, roles } = identity(configuration)
  const right = (number: string): Account => ({
    provider: () => seen(['sts.amazonaws.com']),
    trust: (name) => seen(roles.find((role) => role.name === name && role.account === number)?.trust),
    parameters: (_, names) => seen((changes[number]?.recorded ?? []).filter(({ name }) => names.includes(name))),
    tagMutability: () => seen('IMMUTABLE'),
    activeCostTags: () => seen([COST_TAG]),
    ...changes[number],
  })
  const reached = accounts.filter((number) => !left.includes(number))
  const findings = await checkAws(
    configuration,
    new Map(reached.map((number) => [number, right(number)])),
    left.map(() => 'the default credentials: none'),
  )
  return findings
    .filter(({ status }: Finding) => status !== 'ok')
    .map(({ place, status, message, mend }) => `${place}: ${status}: ${message} → ${mend}`)
}

const prod = '444444444444'
const string = (name: string, value: string): Parameter => ({ name, value, type: 'String' })

test('accounts that are as derived are fine, before the first delivery and after it', async () => {
  expect(await examine()).toEqual([])
  const recorded = [
    string('/shop/prod/release', JSON.stringify(release)),
    string('/shop/prod/hold', '{"state":"none"}'),
    string('/shop/prod/api/image', `111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/app@${digest}`),
  ]
  expect(await examine({ [prod]: { recorded } })).toEqual([])
})

test('an account that no credentials lead to is unseen, with what was tried', async () => {
  expect(await examine({}, example(), [prod])).toEqual([
    `AWS ${prod} (prod): unseen: no credentials lead to this account (the default credentials: none) → npm run doctor -- --profile NAME, once for each account`,
  ])
})

test('a role that is missing, or trusts something else, is named with the command that mends it', async () => {
  const { roles } = identity(example())
  const other = roles.find(({ name }) => name === 'shop-prod-read')?.trust
  const trust: Account['trust'] = (name) => {
    if (name === 'shop-prod-deploy') return seen(undefined)
    if (name === 'shop-prod-infra') return seen({ ...other, Statement: '*' })
    return seen(roles.find((role) => role.name === name)?.trust)
  }
  const found = await examine({ [prod]: { trust } })
  expect(found).toEqual([
    expect.stringMatching(/wrong: the role shop-prod-deploy is missing → npm run account -- --profile NAME --yes/),
    expect.stringMatching(
      /wrong: the trust policy of shop-prod-infra differs: .* → .*aws iam update-assume-role-policy --role-name shop-prod-infra/,
    ),
  ])
})

test('a provider that is missing, or lacks the audience, is said', async () => {
  expect(await examine({ [prod]: { provider: () => seen(undefined) } })).toEqual([
    expect.stringContaining("wrong: GitHub's OIDC provider is missing → npm run account -- --profile NAME --yes"),
  ])
  expect(await examine({ [prod]: { provider: () => seen(['x']) } })).toEqual([
    expect.stringContaining('does not list sts.amazonaws.com → aws iam add-client-id'),
  ])
})

test('what these credentials may not read is unseen, never fine', async () => {
  const no = async () => ({ unseen: 'denied' })
  const found = await examine({ [prod]: { provider: no, trust: no, parameters: no }, 111111111111: { tagMutability: no } })
  expect(found).toHaveLength(8)
  expect(found.every((line) => line.includes(': unseen: ') && line.includes('denied'))).toBe(true)
})

test('records that cannot be understood, and a hold, are said', async () => {
  const recorded = [
    string('/shop/prod/release', '{"release":'),
    string(
      '/shop/prod/hold',
      JSON.stringify({ state: 'held', reason: 'queue is full', by: 'octocat', at: '2026-11-20T10:00:00Z', run: 'r' }),
    ),
    string('/shop/prod/api/image', 'shop/app:latest'),
  ]
  const found = (await examine({ [prod]: { recorded } })).join('\n')
  expect(found).toContain('wrong: the parameter /shop/prod/release does not hold a release record')
  expect(found).toContain('weak: prod is held by "octocat" since 2026-11-20T10:00:00Z: "queue is full"')
  expect(found).toContain(
    'wrong: the parameter /shop/prod/api/image does not hold an image with its digest → aws ssm get-parameter-history',
  )
})

test('the webhook for Slack must be there, as a SecureString; its value is never shown', async () => {
  const configuration = example()
  Object.assign(configuration.environments['prod'] ?? {}, { slack: '/shop/prod/slack' })
  expect(await examine({}, configuration)).toEqual([
    expect.stringContaining('wrong: the parameter /shop/prod/slack for Slack is missing'),
  ])
  const recorded = [string('/shop/prod/slack', 'https://hooks.slack.com/services/T/B/x')]
  const found = (await examine({ [prod]: { recorded } }, configuration)).join()
  expect(found).toContain('is a String, which everyone who reads parameters can read')
  expect(found).not.toContain('hooks.slack.com')
})

test('a repository that is missing, or whose tags move, is said', async () => {
  expect(await examine({ 111111111111: { tagMutability: () => seen(undefined) } })).toEqual([
    expect.stringContaining('wrong: the repository shop/app is missing → npm run account -- --profile NAME --yes'),
  ])
  expect(await examine({ 111111111111: { tagMutability: () => seen('MUTABLE') } })).toEqual([
    expect.stringContaining('wrong: tags of the repository shop/app can be moved'),
  ])
})

test('budgets of environments that share an account need the tag, and are said to be never complete', async () => {
  const configuration = example()
  const { dev, staging } = configuration.environments
  if (dev === undefined || staging === undefined) throw new Error('no such environment')
  configuration.environments['staging'] = { ...staging, account: dev.account }
  const weak = expect.stringContaining('weak: dev and staging share an account, so the budget of dev is never complete')
  expect(await examine({}, configuration)).toEqual([weak])
  expect(await examine({ [dev.account]: { activeCostTags: () => seen([]) } }, configuration)).toEqual([
    weak,
    expect.stringMatching(
      /wrong: the cost-allocation tag slipway:environment is not active.* → aws ce update-cost-allocation-tags-status/,
    ),
  ])
})
