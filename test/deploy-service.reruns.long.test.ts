import {
  DescribeTaskDefinitionCommand,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs'
import { afterEach, expect, test } from 'vitest'
import { startWorld, until, type World } from './world.ts'

let world: World
afterEach(() => world.close())

/** A task definition as on the wire, with fields that no SDK of today knows. */
const rawDefinition = async (revision: string): Promise<Record<string, unknown>> => {
  const answer = await fetch(world.cloud.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AmazonEC2ContainerServiceV20141113.DescribeTaskDefinition',
      authorization: `AWS4-HMAC-SHA256 Credential=${world.env.AWS_ACCESS_KEY_ID}/20260101/eu-west-1/ecs/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify({ taskDefinition: revision, include: ['TAGS'] }),
  })
  return (await answer.json()) as Record<string, unknown>
}

test('fields that this SDK does not know survive, tags and empty values too; only the image changes', async () => {
  world = await startWorld({ images: { v1: {}, v2: {} } })
  await world.createService('api', 'v1')
  const command = new RegisterTaskDefinitionCommand({
    family: 'api',
    containerDefinitions: [],
  } as RegisterTaskDefinitionCommandInput)
  const body = {
    family: 'api',
    cpu: '256',
    memory: '512',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    futureField: { of: ['the', 'API'] },
    tags: [{ key: 'team', value: 'shop' }],
    containerDefinitions: [
      {
        name: 'app',
        image: world.imageOf('v1'),
        essential: true,
        environment: [],
        command: [],
        futureSwitch: false,
        logConfiguration: {
          logDriver: 'awslogs',
          options: { 'awslogs-group': '/x', 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': 'a=b' },
        },
      },
    ],
  }
  command.middlewareStack.add(
    (next) => (args) => {
      Object.assign(args.request as object, { body: JSON.stringify(body) })
      return next(args)
    },
    { step: 'build', priority: 'high' },
  )
  const { taskDefinition } = await world.ecs.send(command)
  await world.ecs.send(
    new UpdateServiceCommand({ cluster: 'shop', service: 'api', taskDefinition: taskDefinition?.taskDefinitionArn ?? '' }),
  )
  await until(
    () => world.service('api'),
    ({ deployments = [] }) => deployments.length === 1 && deployments[0]?.rolloutState === 'COMPLETED',
  )

  const step = await world.deploy(world.inputs('api', 'v2'))
  expect(step.outputs['outcome']).toBe('succeeded')
  const { taskDefinition: registered, tags } = (await rawDefinition('api')) as {
    taskDefinition: Record<string, unknown>
    tags: unknown
  }
  const { tags: given, ...fields } = body
  expect(registered).toMatchObject({
    ...fields,
    containerDefinitions: [{ ...body.containerDefinitions[0], image: world.imageOf('v2') }],
  })
  expect(tags).toEqual(given)
})

test('a revision that a killed run left behind is adopted instead of registered again', async () => {
  world = await startWorld({ images: { v1: {}, v2: {} } })
  await world.createService('api', 'v1')
  await world.deploy(world.inputs('api', 'v2'))
  await world.ecs.send(new UpdateServiceCommand({ cluster: 'shop', service: 'api', taskDefinition: 'api:1' }))
  await until(
    () => world.service('api'),
    ({ deployments = [] }) => deployments.length === 1 && deployments[0]?.rolloutState === 'COMPLETED',
  )
  const step = await world.deploy(world.inputs('api', 'v2'))
  expect(step.outputs).toMatchObject({ outcome: 'succeeded', revision: expect.stringMatching(/api:2$/) })
})

test('a run that finds its own deployment under way follows it instead of starting another', async () => {
  world = await startWorld({ factor: 5, images: { v1: {}, v2: { startsAfter: 15_000 } } })
  await world.createService('api', 'v1')
  const killed = world.startDeploy(world.inputs('api', 'v2'))
  await killed.printed('new: 0 of 2 running')
  killed.process.kill('SIGKILL')
  await killed.done
  const step = await world.deploy(world.inputs('api', 'v2'))
  expect(step.log).toContain('api: following ecs-svc/')
  expect(step.outputs).toMatchObject({ outcome: 'succeeded', 'running-digest': world.digests['v2'] })
  expect(world.cloud.recorder.calls({ call: 'ecs:UpdateService' })).toHaveLength(1)
})

test.each([
  ['is lost', 'reset-after-apply'],
  ['is a page of a front end', 'page-504-after-apply'],
] as const)('an UpdateService whose answer %s starts one deployment, which is followed', async (_, then) => {
  world = await startWorld({ images: { v1: {}, v2: {} }, faults: [{ call: 'ecs:UpdateService', nth: 1, then }] })
  await world.createService('api', 'v1')
  const step = await world.deploy(world.inputs('api', 'v2'))
  expect(step.outputs).toMatchObject({ outcome: 'succeeded', 'running-digest': world.digests['v2'] })
  expect(world.cloud.recorder.calls({ call: 'ecs:UpdateService' })).toHaveLength(1)
})

test('a RegisterTaskDefinition whose answer is lost leaves one revision, which is deployed', async () => {
  world = await startWorld({ images: { v1: {}, v2: {} } })
  await world.createService('api', 'v1')
  world.cloud.faults.set([{ call: 'ecs:RegisterTaskDefinition', nth: 1, then: 'reset-after-apply' }])
  const step = await world.deploy(world.inputs('api', 'v2'))
  expect(step.outputs).toMatchObject({ outcome: 'succeeded', revision: expect.stringMatching(/api:2$/) })
  await expect(world.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'api:3' }))).rejects.toThrow()
})

test('an image given by tag is resolved once and deployed by its digest', async () => {
  world = await startWorld({ images: { v1: {}, v2: {} } })
  await world.createService('api', 'v1')
  const step = await world.deploy({ ...world.inputs('api', 'v2'), image: world.imageOf('v2').replace(/@.*/, ':v2') })
  expect(step.outputs).toMatchObject({ outcome: 'succeeded', digest: world.digests['v2'] })
  const { taskDefinition } = await world.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'api' }))
  expect(taskDefinition?.containerDefinitions?.[0]?.image).toBe(world.imageOf('v2'))
})
