import { ECS } from '@aws-sdk/client-ecs'
import { IAM } from '@aws-sdk/client-iam'
import { SSM } from '@aws-sdk/client-ssm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { scheduleMachine } from '../../infra/ecs/schedule-run.ts'
import { installEmulators } from '../../scripts/emulators.ts'
import { launchMiniStack } from '../contract/subjects/ministack.ts'
import { rootKeys } from '../identity/ministack.ts'

const account = '222222222222'
const region = 'eu-west-1'
const image = (digit: string): string => `111111111111.dkr.ecr.${region}.amazonaws.com/shop/app@sha256:${digit.repeat(64)}`

/** Waits are a tenth as long; without an engine, tasks run until somebody stops them. */
const ENVIRONMENT = { SFN_WAIT_SCALE: '0.1', DOCKER_HOST: 'unix:///nowhere.sock' }

type Execution = { status: string; error?: string; states: string[] }

let miniStack: Awaited<ReturnType<typeof launchMiniStack>>
let queue: string
let machine: string

/** Of the APIs for which there is no client here. */
const call = async (target: string, body: object): Promise<Record<string, unknown>> => {
  const response = await fetch(miniStack.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': target,
      authorization: `AWS4-HMAC-SHA256 Credential=${account}/20261121/${region}/states/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${target}: ${response.status} ${text}`)
  return JSON.parse(text)
}

const clients = () => ({ region, endpoint: miniStack.url, credentials: rootKeys(account) })
const record = (name: string, value: string) =>
  new SSM(clients()).putParameter({ Name: `/shop/dev/${name}`, Value: value, Type: 'String', Overwrite: true })

const run = async (at: string, wait = 60): Promise<Execution> => {
  const input = JSON.stringify({ schedule: 'clean-up', at, command: ['clean', 'up'], wait, timeout: 5 })
  const { executionArn } = await call('AWSStepFunctions.StartExecution', { stateMachineArn: machine, input })
  for (;;) {
    const { status, error } = await call('AWSStepFunctions.DescribeExecution', { executionArn })
    if (status === 'RUNNING') {
      await new Promise((resolve) => setTimeout(resolve, 200))
      continue
    }
    const { events } = await call('AWSStepFunctions.GetExecutionHistory', { executionArn, maxResults: 500 })
    const states = (events as { stateEnteredEventDetails?: { name: string } }[]).flatMap(
      ({ stateEnteredEventDetails: entered }) => (entered ? [entered.name] : []),
    )
    return { status: String(status), ...(typeof error === 'string' && { error }), states }
  }
}

beforeAll(async () => {
  miniStack = await launchMiniStack(await installEmulators(console.log), ENVIRONMENT)
  const trust = { Effect: 'Allow', Principal: { Service: 'states.amazonaws.com' }, Action: 'sts:AssumeRole' }
  const document = JSON.stringify({ Version: '2012-10-17', Statement: [trust] })
  await new IAM(clients()).createRole({ RoleName: 'schedules', AssumeRolePolicyDocument: document })
  const ecs = new ECS(clients())
  await ecs.createCluster({ clusterName: 'shop-dev' })
  const { taskDefinition } = await ecs.registerTaskDefinition({
    family: 'shop-dev-api',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    containerDefinitions: [{ name: 'api', image: image('a') }],
  })
  await ecs.createService({
    cluster: 'shop-dev',
    serviceName: 'api',
    taskDefinition: taskDefinition?.taskDefinitionArn,
    desiredCount: 0,
    capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }],
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'], securityGroups: ['sg-1'] } },
  })
  queue = String((await call('AmazonSQS.CreateQueue', { QueueName: 'dead-letters' }))['QueueUrl'])
  const names = { name: 'api', partition: 'aws', cluster: 'shop-dev', service: 'api', container: 'api', queue }
  const definition = scheduleMachine({ ...names, release: '/shop/dev/release', image: '/shop/dev/api/image' })
  const roleArn = `arn:aws:iam::${account}:role/schedules`
  const made = { name: 'shop-dev-api', definition: JSON.stringify(definition), roleArn }
  machine = String((await call('AWSStepFunctions.CreateStateMachine', made))['stateMachineArn'])
}, 300_000)
afterAll(() => miniStack.stop())

/** MiniStack runs the definition as it is: an interpreter of states that knows nothing of ours. */
it('is run by another Step Functions: nothing before the first release, then what was proven, once at a time, in its time', async () => {
  await record('api/image', image('a'))
  const early = await run('2026-11-21T07:00:00Z')
  expect(early).toMatchObject({ status: 'SUCCEEDED', states: ['ReadRecords', 'WasProven', 'NothingProvenYet'] })

  await record('release', JSON.stringify({ services: { api: 'app' } }))
  const ecs = new ECS(clients())
  const slow = run('2026-11-21T08:00:00Z')
  const startedBy = 'schedule/api/clean-up'
  let arns: string[] = []
  while (arns.length === 0) arns = (await ecs.listTasks({ cluster: 'shop-dev', startedBy })).taskArns ?? []
  const beside = await run('2026-11-21T08:05:00Z')
  expect([beside.status, beside.states.at(-1)]).toEqual(['SUCCEEDED', 'StillRunning'])
  const { tasks } = await ecs.describeTasks({ cluster: 'shop-dev', tasks: arns })
  expect(tasks).toMatchObject([
    {
      startedBy,
      overrides: { containerOverrides: [{ name: 'api', command: ['clean', 'up'] }] },
      capacityProviderName: 'FARGATE',
    },
  ])

  expect(await slow).toMatchObject({ status: 'FAILED', error: 'TimedOut' })
  const { tasks: after } = await ecs.describeTasks({ cluster: 'shop-dev', tasks: arns })
  expect(after?.[0]?.desiredStatus).toBe('STOPPED')
  const { Messages } = await call('AmazonSQS.ReceiveMessage', { QueueUrl: queue })
  const [message] = Messages as { Body: string }[]
  expect(JSON.parse(message?.Body ?? '')).toMatchObject({ service: 'api', schedule: 'clean-up', error: 'TimedOut' })

  await record('api/image', image('b'))
  const other = await run('2026-11-21T09:00:00Z', 1)
  expect(other).toMatchObject({ status: 'FAILED', error: 'NotDeployed' })
  expect(other.states).not.toContain('Run')
}, 120_000)
