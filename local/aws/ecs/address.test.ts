import { afterEach, expect, test } from 'vitest'
import { account, digestOf, type Ecs, region, startEcs } from './engine.case.ts'

let ecs: Ecs
afterEach(() => ecs.stopAll())

test('a service keeps its address across deployments, and no request fails', async () => {
  ecs = startEcs({ v1: { answers: { '/version': 'v1' } }, v2: { answers: { '/version': 'v2' } } }, { factor: 20 })
  await ecs.create('v1')
  const url = new URL('/version', ecs.address(account, region, 'default', 'api', 8080))
  await ecs.ended()
  expect(await (await fetch(url)).text()).toBe('v1')
  await ecs.update('v2')
  const answers = new Set<string>()
  const last = await ecs.until(
    async () => {
      answers.add(await (await fetch(url)).text())
      return ecs.serviceDeployment()
    },
    ({ status }) => status === 'SUCCESSFUL',
  )
  expect(last.status).toBe('SUCCESSFUL')
  expect(answers).toEqual(new Set(['v1', 'v2']))
  expect(ecs.address(account, region, 'default', 'api', 8080).origin).toBe(url.origin)
  const [task] = await ecs.tasks('RUNNING')
  expect(task?.containers?.[0]?.networkBindings).toMatchObject([{ bindIP: '127.0.0.1', containerPort: 8080, protocol: 'tcp' }])
  expect(() => ecs.address(account, region, 'default', 'api', 9)).toThrow('service api has no container port 9')
})

test('a container can ask what it is', async () => {
  let uri = ''
  ecs = startEcs({
    v1: (spec) => {
      uri = spec.environment['ECS_CONTAINER_METADATA_URI_V4'] ?? ''
      return {}
    },
  })
  const created = await ecs.create('v1', { desiredCount: 1 })
  await ecs.ended()
  const [task] = await ecs.tasks('RUNNING')
  expect(await (await fetch(uri)).json()).toMatchObject({
    Name: 'app',
    ImageID: digestOf('v1'),
    Image: expect.stringContaining(digestOf('v1')),
    Family: 'app',
    Revision: '1',
    Labels: { 'com.amazonaws.ecs.task-arn': task?.taskArn },
  })
  expect(await (await fetch(`${uri}/task`)).json()).toMatchObject({
    Cluster: created.service?.clusterArn,
    TaskARN: task?.taskArn,
    ServiceName: 'api',
    KnownStatus: 'RUNNING',
    Containers: [{ ImageID: digestOf('v1') }],
  })
  expect((await fetch(`${uri}x`)).status).toBe(404)
})
