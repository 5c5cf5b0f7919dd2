import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BudgetsClient, CreateBudgetCommand } from '@aws-sdk/client-budgets'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runAction } from '../local/github/step.ts'
import { startSlack } from '../local/slack/inbox.ts'
import { installEmulators } from '../scripts/emulators.ts'
import { budget, today } from './budget-world.ts'
import { freePort, type Started, startServer } from './contract/subjects/process.ts'

// moto knows Budgets, and answers Cost Explorer with what was queued: an outside judge of what is sent and how it is read.
const account = '123456789012'
const SOURCE = join(import.meta.dirname, '..', 'actions', 'budget-report', 'src', 'main.ts')
const credentials = { accessKeyId: account, secretAccessKey: 'test' }

let moto: Started
let folder: string
let slack: Awaited<ReturnType<typeof startSlack>>

beforeAll(async () => {
  const programs = await installEmulators(console.error)
  folder = mkdtempSync(join(tmpdir(), 'moto-'))
  const port = await freePort()
  moto = await startServer(join(programs, 'moto_server'), ['-H', '127.0.0.1', '-p', String(port)], port, { cwd: folder })
  slack = await startSlack()
}, 300_000)

afterAll(async () => {
  await moto.stop()
  await slack.close()
  rmSync(folder, { recursive: true })
})

const month = today().slice(0, 8)

/** One page of Cost Explorer's answer: an amount on the first of this month. */
const page = (service: string, amount: string, next?: string) => ({
  ResultsByTime: [
    {
      TimePeriod: { Start: `${month}01`, End: `${month}02` },
      Total: {},
      Groups: [{ Keys: [service, 'Usage'], Metrics: { UnblendedCost: { Amount: amount, Unit: 'USD' } } }],
      Estimated: false,
    },
  ],
  DimensionValueAttributes: [],
  ...(next !== undefined && { NextPageToken: next }),
})

test('budgets of moto, and costs on two pages, are read as from the local cloud', async () => {
  const client = new BudgetsClient({ endpoint: moto.url, region: 'us-east-1', credentials })
  const Budget = budget({ BudgetName: 'shop-prod-month' })
  await client.send(new CreateBudgetCommand({ AccountId: account, Budget }))
  const results = [page('Amazon ECS', '12.345', 'second'), page('AWS Lambda', '0.005')]
  const queued = await fetch(`${moto.url}/moto-api/static/ce/cost-and-usage-results`, {
    method: 'POST',
    body: JSON.stringify({ results }),
  })
  expect(queued.status).toBe(201)
  const inputs = { environment: 'prod', 'aws-account-id': account, 'slack-webhook': slack.webhook, 'allow-hosts': slack.host }
  const env = { AWS_ENDPOINT_URL: moto.url, AWS_ACCESS_KEY_ID: account, AWS_SECRET_ACCESS_KEY: 'test' }
  const step = await runAction('budget-report', inputs, { entry: SOURCE, env })
  const [report] = JSON.parse(step.outputs['report-json'] ?? '[]')
  expect(report).toMatchObject({ budget: 'shop-prod-month', limit: '1000', forecast: '1204.5', status: 'at risk', ceRequests: 2 })
  expect(report.costs.monthToDate).toBe(today().endsWith('-01') ? '0' : '12.35')
  expect(slack.messages).toHaveLength(1)
}, 60_000)
