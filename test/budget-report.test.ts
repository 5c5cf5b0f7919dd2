import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { costYear } from '../local/aws/cost-year.ts'
import { account, type BudgetWorldOptions, budget, startBudgetWorld, today } from './budget-world.ts'

let world: Awaited<ReturnType<typeof startBudgetWorld>>
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'budget-report-'))
})
afterEach(async () => {
  await world.close()
  rmSync(folder, { recursive: true })
})

const start = async (options: BudgetWorldOptions = {}): Promise<void> => {
  world = await startBudgetWorld(options)
}

/** Nothing that was printed or written says where the webhook is; the mask itself is how the runner is told. */
const keepsTheSecret = ({ log, summary, outputs }: { log: string; summary: string; outputs: Record<string, string> }): void => {
  const printed = log.split('\n').filter((line) => !line.startsWith('::add-mask::'))
  expect([...printed, summary, JSON.stringify(outputs)].join('\n')).not.toContain('localsecret')
}

test('one report: budgets for nothing, one Cost Explorer request, summary and message', async () => {
  await start()
  const step = await world.report({}, { RUNNER_DEBUG: '1' })
  expect(step).toMatchObject({
    exitCode: 0,
    outputs: { status: 'at risk', posted: 'true', 'slack-rendering': 'full', 'ce-requests': '1' },
  })
  expect(world.calls().filter((call) => call.startsWith('ce:'))).toEqual(['ce:GetCostAndUsage'])
  expect(step.outputs['actual']).toBe('512.4430000000000229192664846')
  expect(step.summary).toContain('xychart-beta')
  expect(world.slack.messages).toHaveLength(1)
  expect(world.slack.messages[0]?.text).toContain('prod · AWS budget · forecast over by 20%')
  expect(await (await fetch(world.slack.url)).text()).toContain('Amazon Elastic Container Service')
  keepsTheSecret(step)
})

test('budgets alone cost nothing', async () => {
  await start()
  const step = await world.report({ level: 'budgets' })
  expect(step.outputs).toMatchObject({ status: 'at risk', 'ce-requests': '0' })
  expect(world.calls().some((call) => call.startsWith('ce:'))).toBe(false)
})

test('all budgets and all costs are read, however many pages they are on', async () => {
  const budgets = Array.from({ length: 230 }, (_, index) =>
    budget({ BudgetName: `b-${index}`, CalculatedSpend: { ActualSpend: { Amount: '1', Unit: 'USD' } } }),
  )
  const entries = costYear(today())
  await start({
    budgets: { [account]: { budgets: [...budgets, budget({ BudgetName: 'last', BudgetLimit: { Amount: '1', Unit: 'USD' } })] } },
    costs: { [account]: { entries, pageSize: 300 } },
  })
  const step = await world.report({ 'max-ce-requests': '20' })
  const [report] = JSON.parse(step.outputs['report-json'] ?? '[]')
  expect(step.outputs['status']).toBe('over')
  expect(report.budget).toBe('last')
  const month = entries.filter(({ day }) => day >= `${today().slice(0, 8)}01` && day < today())
  expect(Number(report.costs.monthToDate)).toBeCloseTo(
    month.reduce((total, { amount }) => total + Number(amount), 0),
    6,
  )
  expect(Number(step.outputs['ce-requests'])).toBeGreaterThan(1)
})

test('level full asks for a forecast where no budget has one, and for anomalies: three requests', async () => {
  const young = budget({ CalculatedSpend: { ActualSpend: { Amount: '3', Unit: 'USD' } } })
  const anomalies = [{ service: 'AmazonCloudWatch', region: 'eu-west-1', impact: 120.5, start: '2026-11-12' }]
  await start({
    budgets: { [account]: { budgets: [young] } },
    costs: { [account]: { entries: costYear(today()), forecastPerDay: 2000, anomalies } },
  })
  const step = await world.report({ level: 'full' })
  expect(step.outputs['ce-requests']).toBe('3')
  expect(Number(step.outputs['forecast'])).toBeGreaterThan(2000)
  expect(JSON.stringify(world.slack.messages[0]?.blocks)).toMatch(
    /Anomaly since 2026-11-12: AmazonCloudWatch eu-west-1, \$120\.50/,
  )
  expect(JSON.stringify(world.slack.messages[0]?.blocks)).toContain('80%: ')
})

test('more pages than were allowed: costs are left out, not cut', async () => {
  await start({ costs: { [account]: { entries: costYear(today()), pageSize: 300 } } })
  const step = await world.report({ 'max-ce-requests': '1' })
  expect(step.exitCode).toBe(1)
  expect(step.log).toContain("raise 'max-ce-requests'")
  expect(JSON.parse(step.outputs['report-json'] ?? '[]')[0].costs).toBeUndefined()
  expect(world.slack.messages).toHaveLength(1)
})

describe('what cannot be read is said, and the rest is reported', () => {
  test.each<[string, BudgetWorldOptions, RegExp, string]>([
    [
      'Cost Explorer is not enabled',
      { costs: { [account]: { entries: [], notEnabled: true } } },
      /enable it in the payer account/,
      'at risk',
    ],
    ['budgets are denied', { faults: [{ call: 'budgets:DescribeBudgets', then: 'deny' }] }, /budgets: .*denied/, 'unknown'],
    ['costs are denied', { faults: [{ call: 'ce:GetCostAndUsage', then: 'deny' }] }, /costs: .*denied/, 'at risk'],
    ['throttled for good', { faults: [{ call: 'ce:GetCostAndUsage', then: 'throttle' }] }, /one too many/, 'at risk'],
    ['the token expires in mid-run', { faults: [{ call: 'ce:GetCostAndUsage', then: 'expire' }] }, /expired/, 'at risk'],
  ])('%s', async (_, options, words, status) => {
    await start(options)
    const step = await world.report()
    expect(step.log).toMatch(words)
    expect(step).toMatchObject({ exitCode: 1, outputs: { status, incomplete: 'true', posted: 'true' } })
    const patient = await world.report({ 'fail-on': 'never' })
    expect(patient.exitCode).toBe(0)
    expect(`${step.log}${step.summary}`).not.toMatch(/NaN|Infinity|undefined/)
  })

  test('a young account has no forecast, and that is not 0', async () => {
    const young = budget({ CalculatedSpend: { ActualSpend: { Amount: '3', Unit: 'USD' } } })
    await start({ budgets: { [account]: { budgets: [young] } }, costs: { [account]: { entries: [] } } })
    const step = await world.report({ level: 'full' })
    expect(step.outputs).toMatchObject({ status: 'ok', forecast: '', incomplete: 'false' })
    expect(step.log).toContain('No forecast yet')
    expect(step.exitCode).toBe(0)
  })
})

test('a budget of before and one of after April 2025, planned and without numbers', async () => {
  const old = budget({
    BudgetName: 'old',
    CostTypes: { UseAmortized: true, IncludeCredit: false },
    CostFilters: { Service: ['x'] },
  })
  const { BudgetLimit: _, ...planned } = budget({
    BudgetName: 'new',
    Metrics: ['NetUnblendedCost'],
    PlannedBudgetLimits: { '0': { Amount: '600', Unit: 'USD' }, '4102444800': { Amount: '1', Unit: 'USD' } },
  })
  await start({ budgets: { [account]: { budgets: [old, planned] } } })
  const step = await world.report({ 'budget-names': 'old' })
  expect(JSON.parse(step.outputs['report-json'] ?? '[]')[0].basis).toEqual({ metric: 'AmortizedCost', withCredits: false })
  const other = await world.report({ 'budget-names': 'n*w' })
  expect(other.outputs['limit']).toBe('600')
})

test.each([
  ['over', { 'fail-on': 'over' }, 0],
  ['at-risk', { 'fail-on': 'error,at-risk' }, 1],
  ['forecast-over', { 'fail-on': 'forecast-over' }, 1],
])('fail-on %s, with a forecast above the limit', async (_, inputs, exitCode) => {
  await start()
  expect((await world.report(inputs)).exitCode).toBe(exitCode)
})

test('post-when changed: quiet while nothing changes; somebody is mentioned once', async () => {
  await start()
  const inputs = { 'post-when': 'changed', 'state-file': join(folder, 'state', 'budget.json'), mention: '<!subteam^S0123456789>' }
  expect((await world.report(inputs)).outputs['posted']).toBe('true')
  expect((await world.report(inputs)).outputs['posted']).toBe('false')
  expect(world.slack.messages).toHaveLength(1)
  expect(JSON.stringify(world.slack.messages[0]?.blocks)).toContain('<!subteam^S0123456789>')
  expect((await world.report({ ...inputs, 'post-when': 'always' })).outputs['posted']).toBe('true')
  expect(JSON.stringify(world.slack.messages[1]?.blocks)).not.toContain('subteam')
})

test('a report that Slack refused is not remembered as said', async () => {
  await start({ slack: { faults: [{ status: 403, body: 'action_prohibited' }] } })
  const inputs = { 'post-when': 'changed', 'state-file': join(folder, 'budget.json') }
  const refused = await world.report(inputs)
  expect(refused).toMatchObject({ exitCode: 1, outputs: { posted: 'false', status: 'at risk' } })
  expect(refused.log).toContain('action_prohibited')
  expect(refused.summary).toContain('forecast over by 20%')
  keepsTheSecret(refused)
  expect((await world.report(inputs)).outputs['posted']).toBe('true')
})

test('an unreachable Slack: red or a warning, as asked, the address nowhere', async () => {
  await start()
  const gone = { 'slack-webhook': 'http://127.0.0.1:9/services/T/B/localsecret', 'allow-hosts': '127.0.0.1:9' }
  for (const [input, exitCode] of [
    ['fail', 1],
    ['warn', 0],
  ] as const) {
    const step = await world.report({ ...gone, 'on-slack-error': input }, { RUNNER_DEBUG: '1' })
    expect(step.exitCode).toBe(exitCode)
    expect(step.log).toContain('no connection to Slack')
    keepsTheSecret(step)
  }
})

test('a top of 1 is a table of one service and the others, not a short report', async () => {
  await start()
  await world.report({ top: '1' })
  const rows = world.slack.messages[0]?.blocks?.find(({ type }) => type === 'table')?.['rows']
  expect(rows).toHaveLength(3)
})

test('a dry run needs no webhook', async () => {
  await start()
  const step = await world.report({ 'dry-run': 'true', 'slack-webhook': '', 'slack-webhook-parameter': '/not/there' })
  expect(step.exitCode).toBe(0)
})

test('a dry run prints the message and a link to look at it, and posts nothing', async () => {
  await start()
  const step = await world.report({ 'dry-run': 'true' })
  expect(step.log).toContain('https://app.slack.com/block-kit-builder/#')
  expect(world.slack.requests()).toBe(0)
  expect(step.outputs['posted']).toBe('false')
})

test('the environments of delivery.json in one message; one that fails does not hide the rest', async () => {
  const accounts = ['222222222222', '333333333333', account]
  await start({
    budgets: Object.fromEntries(
      accounts.map((each) => [
        each,
        {
          budgets: [
            budget({ BudgetName: 'shop-prod-month' }),
            budget({ BudgetName: 'other', BudgetLimit: { Amount: '1', Unit: 'USD' } }),
          ],
        },
      ]),
    ),
    costs: Object.fromEntries(accounts.map((each) => [each, { entries: costYear(today()) }])),
  })
  const configuration = {
    project: 'shop',
    repository: { owner: 'acme', ownerId: 1, name: 'shop', id: 2 },
    registry: { account, region: 'eu-west-1' },
    environments: {
      dev: { branch: 'dev', account: '222222222222', region: 'eu-west-1', slack: '/shop/prod/slack' },
      prod: { branch: 'main', account, region: 'eu-west-1', promotesFrom: 'dev', slack: '/shop/prod/slack' },
    },
    images: { app: { context: 'app' } },
    services: { api: { image: 'app', target: 'ecs', port: 8080, health: '/healthz' } },
  }
  writeFileSync(join(folder, 'delivery.json'), JSON.stringify(configuration))
  const ssm = new SSMClient({ endpoint: world.cloud.endpoint, region: 'eu-west-1', credentials: world.cloud.adminKey(account) })
  await ssm.send(new PutParameterCommand({ Name: '/shop/prod/slack', Type: 'SecureString', Value: world.slack.webhook }))
  const inputs = { credentials: 'ambient', environment: '', 'aws-account-id': '', 'slack-webhook': '' }
  const step = await world.report(inputs, { GITHUB_WORKSPACE: folder })
  // One set of keys is of one account: the other environment is told as wrong, and reported as unknown.
  expect(step.log).toContain('wrong account')
  expect(JSON.parse(step.outputs['report-json'] ?? '[]')).toMatchObject([
    { environment: 'dev', status: 'unknown', incomplete: true },
    { environment: 'prod', status: 'at risk', budget: 'shop-prod-month', incomplete: false },
  ])
  expect(step).toMatchObject({ exitCode: 1, outputs: { posted: 'true' } })
  expect(world.slack.messages[0]?.text).toMatch(
    /dev .*status unknown[\s\S]*prod .*forecast over|prod .*forecast over[\s\S]*dev .*status unknown/,
  )
  keepsTheSecret(step)
})

test('a bot posts the overview, the details of each environment below it, and replaces the overview on the same day', async () => {
  await start({
    budgets: { [account]: { budgets: [budget({ BudgetName: 'shop-one-month' }), budget({ BudgetName: 'shop-two-month' })] } },
  })
  const configuration = {
    project: 'shop',
    repository: { owner: 'acme', ownerId: 1, name: 'shop', id: 2 },
    registry: { account, region: 'eu-west-1' },
    environments: {
      one: { branch: 'one', account, region: 'eu-west-1' },
      two: { branch: 'two', account, region: 'eu-west-1', promotesFrom: 'one' },
    },
    images: { app: { context: 'app' } },
    services: { api: { image: 'app', target: 'ecs', port: 8080, health: '/healthz' } },
  }
  writeFileSync(join(folder, 'delivery.json'), JSON.stringify(configuration))
  const inputs = {
    credentials: 'ambient',
    environment: '',
    'aws-account-id': '',
    'slack-webhook': '',
    'slack-bot-token': world.slack.token,
    'slack-channel': 'C0123456789',
    'state-file': join(folder, 'state.json'),
  }
  const step = await world.report(inputs, { GITHUB_WORKSPACE: folder })
  const { 'slack-ts': ts = '' } = step.outputs
  expect(world.slack.messages.map(({ thread }) => thread)).toEqual([undefined, ts, ts])
  expect((await world.report(inputs, { GITHUB_WORKSPACE: folder })).outputs['slack-ts']).toBe(ts)
  expect(world.slack.messages.map(({ edited }) => edited)).toEqual([true, undefined, undefined])
})

describe('bad input: one line, before anything is asked', () => {
  test.each<[Record<string, string>, RegExp]>([
    [{ 'aws-account-id': '123' }, /input 'aws-account-id' must be an AWS account id of 12 digits, got '123'/],
    [{ level: 'cheap' }, /input 'level' must be one of budgets, standard, full, got 'cheap'/],
    [
      { 'fail-on': 'over,always' },
      /input 'fail-on' must be never, or some of error, over, at-risk, forecast-over, got 'over,always'/,
    ],
    [{ 'post-when': 'changed' }, /input 'post-when' must go with 'state-file'/],
    [{ environment: 'prod', 'aws-account-id': '' }, /'environment'.*did you mean 'environments'/],
    [{ warn: '0' }, /input 'warn' must be a whole number from 1 to 100/],
    [{ mention: '@here' }, /input 'mention' must be a mention as Slack writes it/],
    [{ 'slack-bot-token': 'xoxb-localsecret' }, /input 'slack-webhook' excludes the other ways to Slack/],
    [{ 'slack-channel': 'C1' }, /'slack-channel'.*goes with 'slack-bot-token'/],
    [{ config: 'delivery.json' }, /'config'.*goes without 'aws-account-id'/],
    [{ 'slack-webhook': 'https://evil.example/localsecret' }, /is at evil.example, which is not Slack/],
  ])('%j', async (inputs, words) => {
    await start()
    const step = await world.report(inputs)
    expect(step.exitCode).toBe(1)
    expect(step.log).toMatch(words)
    expect(world.slack.requests()).toBe(0)
    keepsTheSecret(step)
  })
})
