import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs'
import { ECR } from '@aws-sdk/client-ecr'
import { type ContainerDefinition, ECS } from '@aws-sdk/client-ecs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { devAccount, region, registryAccount, scenario } from '../../cloud.case.ts'
import { type Cloud, startCloud } from '../../cloud.ts'
import { dockerRuntime } from '../../containers/docker.ts'
import { importNodeImage } from '../../containers/node-image.case.ts'
import { useEngine } from '../../engine/engine.case.ts'
import { scaledTime } from '../../time.ts'
import { type EcsService, ecsService } from './service.ts'

const run = promisify(execFile)
useEngine()

let cloud: Cloud
let service: EcsService
let ecs: ECS
let logs: CloudWatchLogs
let image = ''
let digest = ''

/** Pushes the image as a build would: by the registry's host, with a token of `GetAuthorizationToken`. */
const push = async (): Promise<void> => {
  const ecr = new ECR({ region, endpoint: cloud.endpoint, credentials: cloud.adminKey(registryAccount) })
  const { authorizationData } = await ecr.getAuthorizationToken({})
  const [user = '', password = ''] = Buffer.from(authorizationData?.[0]?.authorizationToken ?? '', 'base64')
    .toString()
    .split(':')
  const { host } = new URL(await cloud.registry(registryAccount, region))
  const tag = `${host}/shop/app:one`
  const config = await mkdtemp(join(tmpdir(), 'ecs-case-'))
  try {
    await run('docker', ['tag', await importNodeImage(), tag])
    await run('docker', ['--config', config, 'login', '--username', user, '--password', password, host])
    await run('docker', ['--config', config, 'push', '--quiet', tag])
  } finally {
    await run('docker', ['rmi', tag])
    await rm(config, { recursive: true })
  }
  const { imageDetails } = await ecr.describeImages({ repositoryName: 'shop/app' })
  digest = imageDetails?.[0]?.imageDigest ?? ''
  image = `${registryAccount}.dkr.ecr.${region}.amazonaws.com/shop/app@${digest}`
  ecr.destroy()
}

beforeAll(async () => {
  const time = scaledTime(4)
  cloud = await startCloud({
    scenario,
    time,
    services: (core) => {
      service = ecsService({ ...core, runtime: dockerRuntime(time) })
      return [service]
    },
  })
  await push()
  ecs = new ECS({ region, endpoint: cloud.endpoint, credentials: cloud.adminKey(devAccount) })
  logs = new CloudWatchLogs({ region, endpoint: cloud.endpoint, credentials: cloud.adminKey(devAccount) })
  await ecs.createCluster({})
}, 120_000)
afterAll(async () => {
  await service.stopAll()
  ecs.destroy()
  logs.destroy()
  await cloud.close()
})

const server = (body: string): string =>
  `process.on('SIGTERM', () => process.exit()); console.log('up');
   require('http').createServer((_, answer) => answer.end(${body})).listen(8080)`

const register = async (program: string, more: Partial<ContainerDefinition> = {}): Promise<string> => {
  const { taskDefinition } = await ecs.registerTaskDefinition({
    family: 'app',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    containerDefinitions: [
      {
        name: 'app',
        image,
        command: ['/bin/node', '-e', program],
        portMappings: [{ containerPort: 8080 }],
        logConfiguration: {
          logDriver: 'awslogs',
          options: { 'awslogs-group': 'app', 'awslogs-region': region, 'awslogs-stream-prefix': 'app' },
        },
        ...more,
      },
    ],
  })
  return taskDefinition?.taskDefinitionArn ?? ''
}

const ended = async (): Promise<string | undefined> => {
  for (;;) {
    const { services } = await ecs.describeServices({ services: ['api'] })
    const arn = services?.[0]?.currentServiceDeployment ?? ''
    const { serviceDeployments } = await ecs.describeServiceDeployments({ serviceDeploymentArns: [arn] })
    const { status } = serviceDeployments?.[0] ?? {}
    if (status === 'SUCCESSFUL' || status === 'STOPPED' || status?.startsWith('ROLLBACK_SUCC')) return status
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

test('a real container serves by its digest, and a crash-looping one is rolled back with its last words', async () => {
  const healthCheck = {
    command: ['CMD', '/bin/node', '-e', "fetch('http://127.0.0.1:8080').catch(() => process.exit(1))"],
    interval: 5,
    timeout: 20,
    retries: 3,
  }
  const first = await register(server(`'hello'`), { healthCheck })
  await ecs.createService({
    serviceName: 'api',
    taskDefinition: first,
    desiredCount: 2,
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
  })
  expect(await ended()).toBe('SUCCESSFUL')
  const url = service.address(devAccount, region, 'default', 'api', 8080)
  expect(await (await fetch(url)).text()).toBe('hello')

  const bad = await register("console.error('cannot find module'); process.exit(9)", { healthCheck })
  await ecs.updateService({ service: 'api', taskDefinition: bad })
  expect(await ended()).toBe('ROLLBACK_SUCCESSFUL')
  expect(await (await fetch(url)).text()).toBe('hello')

  const { taskArns } = await ecs.listTasks({ serviceName: 'api', desiredStatus: 'STOPPED' })
  const { tasks = [] } = await ecs.describeTasks({ tasks: taskArns })
  expect(tasks[0]).toMatchObject({ stopCode: 'EssentialContainerExited', containers: [{ exitCode: 9, imageDigest: digest }] })
  const logStreamName = `app/app/${tasks[0]?.taskArn?.split('/').at(-1)}`
  const { events } = await logs.getLogEvents({ logGroupName: 'app', logStreamName, startFromHead: true })
  expect(events?.map(({ message }) => message)).toEqual(['cannot find module'])
}, 120_000)

test('a container reads its digest from the task metadata endpoint', async () => {
  const program = `fetch(process.env.ECS_CONTAINER_METADATA_URI_V4 + '/task').then((answer) => answer.json()).then(
    (task) => { console.log(task.Containers[0].ImageID) })`
  const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-1'] } }
  const { tasks } = await ecs.runTask({ taskDefinition: await register(program), networkConfiguration })
  const arn = tasks?.[0]?.taskArn ?? ''
  for (;;) {
    const [task] = (await ecs.describeTasks({ tasks: [arn] })).tasks ?? []
    if (task?.lastStatus === 'STOPPED') {
      expect(task.containers).toMatchObject([{ exitCode: 0 }])
      break
    }
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  const logStreamName = `app/app/${arn.split('/').at(-1)}`
  const { events } = await logs.getLogEvents({ logGroupName: 'app', logStreamName, startFromHead: true })
  expect(events?.map(({ message }) => message)).toEqual([digest])
}, 60_000)
