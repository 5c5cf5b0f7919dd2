import type { RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs'
import { afterEach, expect, test } from 'vitest'
import { account, call, type Ecs, imageOf, region, startEcs } from './engine.case.ts'

let ecs: Ecs
afterEach(() => ecs.stopAll())

const arn = (resource: string): string => `arn:aws:ecs:${region}:${account}:${resource}`
const fargate = {
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: '512',
} satisfies Partial<RegisterTaskDefinitionCommandInput>
const app = { name: 'app', image: imageOf('v1') }

test('a registered task definition keeps every field, known or not, and gains the output-only ones', async () => {
  ecs = startEcs({ v1: {} })
  const unknown = { futureField: { nested: ['a=b=c', ''] }, containerDefinitions: [{ ...app, futureSetting: { x: 1 } }] }
  const given = { family: 'app', ...fargate, ...unknown, tags: [{ key: 'project', value: 'shop' }] }
  const { taskDefinition, tags } = await ecs.ask('RegisterTaskDefinition', given)
  expect(tags).toEqual(given.tags)
  expect(taskDefinition).not.toHaveProperty('tags')
  expect(taskDefinition).toMatchObject({
    futureField: unknown.futureField,
    containerDefinitions: [{ ...app, essential: true, futureSetting: { x: 1 } }],
    taskDefinitionArn: arn('task-definition/app:1'),
    revision: 1,
    status: 'ACTIVE',
    compatibilities: ['EC2', 'FARGATE'],
    registeredBy: `arn:aws:iam::${account}:root`,
    registeredAt: expect.any(Number),
  })
  expect(taskDefinition?.requiresAttributes).toContainEqual({ name: 'com.amazonaws.ecs.capability.ecr-auth' })

  await ecs.register('v1')
  expect((await ecs.ask('DescribeTaskDefinition', { taskDefinition: 'app' })).taskDefinition?.revision).toBe(2)
  const first = await ecs.ask('DescribeTaskDefinition', { taskDefinition: 'app:1', include: ['TAGS'] })
  expect(first).toEqual({ taskDefinition, tags: given.tags })

  await ecs.ask('DeregisterTaskDefinition', { taskDefinition: 'app:2' })
  expect((await ecs.ask('DescribeTaskDefinition', { taskDefinition: 'app:2' })).taskDefinition?.status).toBe('INACTIVE')
  expect((await ecs.ask('ListTaskDefinitions', { familyPrefix: 'app' })).taskDefinitionArns).toEqual([
    arn('task-definition/app:1'),
  ])
})

const container = (fields: object) => ({ family: 'app', containerDefinitions: [{ ...app, memory: 64, ...fields }] })

test.each<[string, Record<string, unknown>, string]>([
  ['no family', { containerDefinitions: [app] }, 'Family contains invalid characters.'],
  ['no container', { family: 'app', containerDefinitions: [] }, 'Container list cannot be empty.'],
  ['a container without a name', container({ name: '' }), 'Container.name should not be null or empty.'],
  ['a container without an image', container({ image: '' }), 'Container.image should not be null or empty.'],
  [
    'no memory at all',
    { family: 'app', containerDefinitions: [app] },
    "Invalid setting for container 'app'. At least one of 'memory' or 'memoryReservation' must be specified.",
  ],
  [
    'two containers of one name',
    { ...fargate, family: 'app', containerDefinitions: [app, app] },
    'Container.name contains duplicate values.',
  ],
  ['nothing essential', container({ essential: false }), 'At least one container in the task definition must be essential.'],
  [
    'Fargate without awsvpc',
    { ...container({}), ...fargate, networkMode: 'bridge' },
    "Fargate only supports network mode 'awsvpc'.",
  ],
  [
    'Fargate without CPU',
    { ...container({}), ...fargate, cpu: undefined },
    "Fargate requires that 'cpu' be defined at the task level.",
  ],
  [
    'a size that Fargate does not have',
    { ...container({}), ...fargate, memory: '4096' },
    'No Fargate configuration exists for given values: 256 CPU, 4096 memory. See the Amazon ECS documentation for the valid values.',
  ],
])('a task definition with %s is refused', async (_, input, message) => {
  ecs = startEcs({})
  await expect(ecs.ask('RegisterTaskDefinition', input as never)).rejects.toMatchObject({ name: 'ClientException', message })
})

test.each([
  ['DescribeTaskDefinition', { taskDefinition: 'none' }, 'ClientException', 'Unable to describe task definition.'],
  ['DescribeServices', { cluster: 'none', services: ['api'] }, 'ClusterNotFoundException', 'Cluster not found.'],
  ['DescribeServices', { services: [] }, 'InvalidParameterException', 'Services cannot be empty.'],
  [
    'DescribeServices',
    { services: Array(11).fill('api') },
    'InvalidParameterException',
    'Services cannot have more than 10 elements.',
  ],
  ['UpdateService', { service: 'none' }, 'ServiceNotFoundException', 'Service not found.'],
  ['UpdateService', { service: 'api', taskDefinition: 'app:9' }, 'ClientException', 'TaskDefinition not found.'],
  ['ListTasks', { serviceName: 'none' }, 'ServiceNotFoundException', 'Service not found.'],
  ['ListTasks', { serviceName: 'api', startedBy: 'x' }, 'InvalidParameterException', 'startedBy must be the only filter.'],
  ['DescribeTasks', { tasks: [] }, 'InvalidParameterException', 'Tasks cannot be empty.'],
  ['StopTask', { task: 'none' }, 'InvalidParameterException', 'The referenced task was not found.'],
  [
    'CreateService',
    { serviceName: 'api', taskDefinition: 'app' },
    'InvalidParameterException',
    'Creation of service was not idempotent.',
  ],
  [
    'RunTask',
    { taskDefinition: 'app' },
    'InvalidParameterException',
    "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
  ],
  [
    'RunTask',
    {
      taskDefinition: 'app',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['s'] } },
      overrides: { containerOverrides: [{ name: 'x' }] },
    },
    'InvalidParameterException',
    'Override for container named x is not a container in the TaskDefinition.',
  ],
  [
    'StopServiceDeployment',
    { serviceDeploymentArn: 'x', stopType: 'ABORT' },
    'UnsupportedFeatureException',
    'Stop type ABORT is not supported.',
  ],
] as const)('%s of %o is refused with %s', async (operation, input, name, message) => {
  ecs = startEcs({ v1: {} })
  await ecs.create('v1')
  await expect(ecs.ask(operation, input as never)).rejects.toMatchObject({ name, message })
})

test('what is missing is a failure of its own', async () => {
  ecs = startEcs({ v1: {} })
  await ecs.create('v1')
  expect((await ecs.ask('DescribeServices', { services: ['api', 'none'] })).failures).toEqual([
    { arn: arn('service/default/none'), reason: 'MISSING' },
  ])
  const missing = arn('service-revision/default/api/1')
  expect((await ecs.ask('DescribeServiceRevisions', { serviceRevisionArns: [missing] })).failures).toEqual([
    { arn: missing, reason: 'MISSING' },
  ])
})

test('accounts and regions know nothing of each other', async () => {
  ecs = startEcs({ v1: {} })
  await ecs.create('v1')
  const elsewhere = { ...call('DescribeServices'), region: 'us-east-1' }
  const describe = ecs.operations['DescribeServices']
  expect(() => describe?.run({ services: ['api'] } as never, elsewhere)).toThrow('Cluster not found.')
})
