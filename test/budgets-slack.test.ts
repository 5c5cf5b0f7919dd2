import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { App } from 'aws-cdk-lib'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { chooser } from '../actions/budget-report/src/places.ts'
import { notification } from '../infra/budgets/notification.case.ts'
import { budgetsStacks } from '../infra/budgets/stacks.ts'
import { budgetsOf } from '../lib/delivery/budgets.ts'
import { example } from '../lib/delivery/configuration.case.ts'
import type { CloudCore } from '../local/cloud.ts'
import { startCloud } from '../local/cloud.ts'
import type { ScenarioRole } from '../local/scenario.ts'
import { type SlackFault, startSlack } from '../local/slack/inbox.ts'

const account = '222222222222'
const region = 'eu-west-1'
const parameter = '/shop/dev/slack'
const root = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'budgets-slack-'))
afterAll(() => rmSync(folder, { recursive: true }))

type Template = { Resources: Record<string, { Type: string; Properties: Record<string, unknown> }> }
type Function = { Code: { ZipFile: string }; Environment: { Variables: Record<string, string> } }
type Role = { RoleName: string; AssumeRolePolicyDocument: ScenarioRole['trust']; Policies: { PolicyDocument: object }[] }

/** The function and its role as CloudFormation gets them. */
let made: { code: string; variables: Record<string, string>; role: Role }
beforeAll(() => {
  const configuration = example()
  const { dev } = configuration.environments
  if (dev === undefined) throw new Error('the example has changed')
  dev.slack = parameter
  // infra/budgets/budgets.test.ts judges the template.
  vi.stubEnv('CDK_VALIDATION', 'false')
  const app = new App({ outdir: join(folder, 'cdk.out') })
  budgetsStacks(app, { configuration, environment: dev, place: 'dev', account, region, protect: false })
  const [stack] = app.synth().stacks
  vi.unstubAllEnvs()
  const { Resources }: Template = stack?.template ?? { Resources: {} }
  const properties = (type: string): unknown => Object.values(Resources).find(({ Type }) => Type === type)?.Properties
  const { Code, Environment } = properties('AWS::Lambda::Function') as Function
  made = { code: Code.ZipFile, variables: Environment.Variables, role: properties('AWS::IAM::Role') as Role }
}, 60_000)

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** Runs the text of the template as Lambda does: `index.js` without a package.json, the SDK on NODE_PATH, the role's keys. */
const invoke = async (faults: SlackFault[] = [], event = { Records: [{ Sns: notification() }] }) => {
  const slack = await startSlack({ faults })
  const roleArn = `arn:aws:iam::${account}:role/${made.role.RoleName}`
  const policies = made.role.Policies.map(({ PolicyDocument }) => PolicyDocument) as NonNullable<ScenarioRole['policies']>
  let core: CloudCore | undefined
  const cloud = await startCloud({
    scenario: { accounts: [account], roles: [{ arn: roleArn, trust: made.role.AssumeRolePolicyDocument, policies }] },
    services: (inside) => {
      core = inside
      return []
    },
  })
  closing.push(slack.close, cloud.close)
  const ssm = new SSMClient({ endpoint: cloud.endpoint, region, credentials: cloud.adminKey(account) })
  await ssm.send(new PutParameterCommand({ Name: parameter, Type: 'SecureString', Value: slack.webhook }))
  const name = made.role.RoleName
  const key = core?.issueKey({ account, arn: `arn:aws:sts::${account}:assumed-role/${name}/${name}`, role: name }, 900)
  writeFileSync(join(folder, 'index.js'), made.code)
  const program = `require('./index.js').handler(${JSON.stringify(event)}).catch((error) => { console.error(error.stack); process.exit(1) })`
  const env = {
    ...made.variables,
    NODE_PATH: join(root, 'node_modules'),
    AWS_REGION: region,
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_ACCESS_KEY_ID: key?.accessKeyId,
    AWS_SECRET_ACCESS_KEY: key?.secretAccessKey,
    AWS_SESSION_TOKEN: key?.sessionToken,
  }
  const ended = await promisify(execFile)(process.execPath, ['-e', program], { cwd: folder, env }).then(
    ({ stdout, stderr }) => ({ exitCode: 0, log: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ exitCode: code, log: stdout + stderr }),
  )
  return { ...ended, slack, calls: cloud.recorder.calls({}).filter(({ principal }) => principal.includes(name)) }
}

test('the very text of the template reads the webhook with its own role and tells Slack, once more where Slack is busy', async () => {
  const { exitCode, log, slack, calls } = await invoke([{ status: 429, retryAfter: 1 }])
  expect({ exitCode, log }).toEqual({ exitCode: 0, log: '' })
  expect(slack.messages.map(({ text }) => text)).toEqual([
    ':rotating_light: *shop-dev*: actual $85.21, threshold &gt; $80.00, budget $100.00',
  ])
  expect(slack.requests()).toBe(2)
  expect(calls.map(({ service, operation }) => `${service}:${operation}`)).toEqual(['ssm:GetParameter'])
})

test('a webhook that was revoked ends the invocation, so that Lambda keeps the message, and is in no log', async () => {
  const { exitCode, log, slack } = await invoke([{ status: 404, body: 'no_service' }])
  expect(exitCode).toBe(1)
  expect(log).toContain('Slack answered 404')
  expect(log).not.toContain(new URL(slack.webhook).pathname)
  expect(log).not.toContain('localsecret')
})

test('the daily report finds the budgets that the stack makes, and not those of another environment', () => {
  const made = budgetsOf('shop', 'dev', [{ limit: 100 }, { limit: 200 }, { limit: 1, name: 'ec2' }]).map(({ name }) => name)
  const other = budgetsOf('shop', 'develop', [{ limit: 100 }, { limit: 1, name: 'ec2' }]).map(({ name }) => name)
  const all = [...made, ...other, 'by hand']
  expect(all.filter(chooser([], 'shop-dev', all))).toEqual(made)
})
