import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CloudFormation } from '@aws-sdk/client-cloudformation'
import { EC2 } from '@aws-sdk/client-ec2'
import { ECR } from '@aws-sdk/client-ecr'
import { IAM } from '@aws-sdk/client-iam'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { example } from '../lib/delivery/configuration.case.ts'
import { identity } from '../lib/delivery/identity.ts'
import { removeStack } from '../scripts/account/deploy.ts'
import { needsOf } from '../scripts/account/preflight/needs.ts'
import { readFacts } from '../scripts/account/preflight/read.ts'
import { type SynthesisedStack, synthesise } from '../scripts/account/synthesis.ts'
import { installEmulators } from '../scripts/emulators.ts'
import { clientsAt, runAccount } from './account-world.ts'
import { freePort, startServer } from './contract/subjects/process.ts'
import { rootKeys, startMiniStack } from './identity/ministack.ts'

// MiniStack's CloudFormation knows no AWS::IAM::OIDCProvider: where a stack is made, the account has a provider already.
const dev = '222222222222'
const registry = '111111111111'
const configuration = { ...example(), identity: { existingProvider: [dev, registry] } }

let miniStack: Awaited<ReturnType<typeof startMiniStack>>
let stacks: SynthesisedStack[]
beforeAll(async () => {
  stacks = synthesise(configuration)
  miniStack = await startMiniStack()
})
afterAll(() => miniStack.close())

const clients = (account: string) => clientsAt(miniStack.url, account)
const run = (account: string, options: Parameters<typeof runAccount>[3] = {}) =>
  runAccount(clients(account), configuration, stacks, options)
const iam = () => clients(dev)(IAM, 'eu-west-1')
const cloudFormation = (account: string) => clients(account)(CloudFormation, 'eu-west-1')

const needing = (...types: string[]): SynthesisedStack => ({
  name: 'needing',
  place: 'registry',
  account: registry,
  region: 'eu-west-1',
  isAdministrators: false,
  terminationProtection: false,
  tags: {},
  template: '',
  resources: Object.fromEntries(types.map((Type) => [Type, { Type }])),
})

test('what stands in the way is said, and nothing is made until it is gone', async () => {
  await iam().createRole({ RoleName: 'shop-dev-read', AssumeRolePolicyDocument: '{"Version":"2012-10-17","Statement":[]}' })
  const { isDone, text } = await run(dev, { isApplied: true })
  expect(isDone).toBe(false)
  expect(text).toContain(`WRONG   delivery.json says "identity": { "existingProvider": ["${dev}"] }, and there is none`)
  expect(text).toContain('WRONG   the role shop-dev-read exists and belongs to no stack, so CloudFormation cannot make it')
  expect(text).toMatch(/Refusal: nothing was changed, because 2 things stand in the way/)
  const { StackSummaries = [] } = await cloudFormation(dev).listStacks({})
  expect(StackSummaries).toEqual([])
  await iam().deleteRole({ RoleName: 'shop-dev-read' })
  await iam().createOpenIDConnectProvider({
    Url: 'https://token.actions.githubusercontent.com',
    ClientIDList: ['sts.amazonaws.com'],
  })
})

test('without --yes everything is shown and nothing is made', async () => {
  const { isDone, text } = await run(dev)
  expect(isDone).toBe(false)
  expect(text).toContain('shop-dev-identity (eu-west-1): to be made')
  expect(text).toMatch(/^ {2}\+ AWS::IAM::Role \w+/m)
  expect(text).toContain('1 of 1 stacks are to be deployed: add --yes to do it')
  const { StackSummaries = [] } = await cloudFormation(dev).listStacks({})
  expect(StackSummaries).toEqual([])
})

test('with --yes the roles are there, each with its policy; a second run changes nothing', async () => {
  const first = await run(dev, { isApplied: true })
  expect(first.isDone, first.text).toBe(true)
  expect(first.text).toContain('1 of 1 stacks deployed')
  for (const { name } of identity(configuration).roles.filter(({ account }) => account === dev)) {
    const { PolicyNames } = await iam().listRolePolicies({ RoleName: name })
    expect(PolicyNames, name).toHaveLength(1)
  }
  const { Stacks = [] } = await cloudFormation(dev).describeStacks({ StackName: 'shop-dev-identity' })
  expect(Stacks[0]).toMatchObject({ StackStatus: 'CREATE_COMPLETE', EnableTerminationProtection: true })
  const second = await run(dev, { isApplied: true })
  expect(second.isDone, second.text).toBe(true)
  expect(second.text).toContain('nothing was missing')
})

test('service-linked roles that the stacks of the pipeline need are made, once', async () => {
  const cluster = { ...needing('AWS::ECS::Cluster'), place: 'dev', account: dev }
  const check = await runAccount(clients(dev), configuration, [...stacks, cluster], { isCheck: true })
  expect(check.text).toContain('WRONG   the service-linked role of ecs.amazonaws.com is missing')
  const { text } = await runAccount(clients(dev), configuration, [...stacks, cluster], { isApplied: true })
  expect(text).toContain('+ service-linked role of ecs.amazonaws.com')
  // MiniStack spells the name in its own way, so it is asked for again, and that it is there is no trouble.
  const { Role } = await iam().getRole({ RoleName: 'AWSServiceRoleForEcs' })
  expect(Role?.Path).toBe('/aws-service-role/ecs.amazonaws.com/')
  const again = await runAccount(clients(dev), configuration, [...stacks, cluster], { isApplied: true })
  expect(again.isDone, again.text).toBe(true)
})

test('quotas are compared with what others have in the account, as far as moto answers', async ({ onTestFinished }) => {
  const programs = await installEmulators(console.log)
  const port = await freePort()
  const { url, stop } = await startServer(join(programs, 'moto_server'), ['-p', String(port)], port, { cwd: tmpdir() })
  onTestFinished(stop)
  const ec2 = clientsAt(url, '123456789012')(EC2, 'eu-west-1')
  await ec2.createVpc({ CidrBlock: '10.9.0.0/16' })
  const Tags = [{ Key: 'slipway:project', Value: 'shop' }]
  await ec2.createVpc({ CidrBlock: '10.8.0.0/16', TagSpecifications: [{ ResourceType: 'vpc', Tags }] })
  const needs = needsOf(configuration, [needing('AWS::EC2::VPC', 'AWS::EC2::InternetGateway', 'AWS::EC2::EIP')])
  const facts = await readFacts(clientsAt(url, '123456789012'), needs, { project: 'shop', roles: [] }, new Date())
  // The network that every account has, and the one that is not ours.
  expect(facts.limits.get('eu-west-1 networks')).toEqual({ value: { value: 5, taken: 2 } })
  expect(facts.limits.get('eu-west-1 gateways')).toEqual({ value: { value: 5, taken: 0 } })
  // moto has no quotas but those of networks.
  expect(facts.limits.get('eu-west-1 addresses')).toEqual({
    unseen: expect.stringContaining('servicequotas:GetServiceQuota failed'),
  })
  expect(facts.regions.get('eu-west-1')).toEqual({ value: 'opt-in-not-required' })
  expect(facts.costExplorer).toEqual({ value: true })
})

test('the registry gets its repositories too, and every other account is named as next', async () => {
  const other = clients(registry)(IAM, 'eu-west-1')
  await other.createOpenIDConnectProvider({
    Url: 'https://token.actions.githubusercontent.com',
    ClientIDList: ['sts.amazonaws.com'],
  })
  const { isDone, text } = await run(registry, { isApplied: true })
  expect(isDone, text).toBe(true)
  const { repositories = [] } = await clients(registry)(ECR, 'eu-west-1').describeRepositories({})
  expect(repositories).toMatchObject([{ repositoryName: 'shop/app', imageTagMutability: 'IMMUTABLE' }])
  expect(text).toContain(`next, unless it is done: the same with a profile of ${dev} (dev), of 333333333333 (staging)`)
  expect(text).toContain('then: npm run setup')
})

test('a type that CloudFormation does not know ends with its words, and leaves no stack', async () => {
  const without = example()
  const whole = synthesise(without)
  const { isDone, text } = await runAccount(clients('333333333333'), without, whole, { isApplied: true })
  expect(isDone).toBe(false)
  expect(text).toMatch(/cloudformation:CreateChangeSet failed: .*AWS::IAM::OIDCProvider/)
  expect((await cloudFormation('333333333333').listStacks({})).StackSummaries ?? []).toEqual([])
})

test('a stack that is protected can be removed again', async () => {
  const client = cloudFormation(dev)
  await expect(client.deleteStack({ StackName: 'shop-dev-identity' })).rejects.toThrow(/[Tt]ermination/)
  await removeStack(client, 'shop-dev-identity', { isApplied: true, print: () => undefined, poll: 50 })
  await expect(iam().getRole({ RoleName: 'shop-dev-deploy' })).rejects.toThrow()
})

test('the command refuses an account without a place, and a place of another account', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'account-'))
  const config = join(folder, 'delivery.json')
  writeFileSync(config, JSON.stringify(configuration))
  const command = (account: string, ...args: string[]): Promise<{ code: number; err: string }> => {
    const { accessKeyId, secretAccessKey } = rootKeys(account)
    const keys = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_ENDPOINT_URL: miniStack.url }
    const env = { PATH: process.env['PATH'], HOME: folder, ...keys }
    const script = join(import.meta.dirname, '..', 'scripts', 'account', 'main.ts')
    return new Promise((resolve) =>
      execFile(process.execPath, [script, '--config', config, ...args], { env }, (error, _, err) =>
        resolve({ code: Number(error?.code ?? 0), err }),
      ),
    )
  }
  expect(await command('999999999999')).toEqual({
    code: 1,
    err: expect.stringContaining('account 999999999999, which has no place in delivery.json: it has registry in 111111111111'),
  })
  expect(await command(dev, '--environment', 'prod')).toEqual({
    code: 1,
    err: expect.stringContaining("'prod' is in account 444444444444, and these credentials are of 222222222222"),
  })
  rmSync(folder, { recursive: true })
})
