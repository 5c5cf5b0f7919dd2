import { ECS, waitUntilServicesStable } from '@aws-sdk/client-ecs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { devAccount, region, scenario } from '../../cloud.case.ts'
import { type Cloud, startCloud } from '../../cloud.ts'
import { scriptedRuntime } from '../../containers/scripted.ts'
import { scaledTime } from '../../time.ts'
import { digestOf, imageOf } from './engine.case.ts'
import { type EcsService, ecsService } from './service.ts'

let cloud: Cloud
let service: EcsService
let ecs: ECS
beforeAll(async () => {
  const time = scaledTime(200)
  cloud = await startCloud({
    scenario,
    time,
    services: (core) => {
      const images = {
        locate: async () => ({ reference: 'app', digest: digestOf('v1'), credentials: { username: 'AWS', password: '' } }),
      }
      service = ecsService({ ...core, images, runtime: scriptedRuntime({}, time) })
      return [service]
    },
  })
  ecs = new ECS({ region, endpoint: cloud.endpoint, credentials: cloud.adminKey(devAccount) })
})
afterAll(async () => {
  ecs.destroy()
  await service.stopAll()
  await cloud.close()
})

test('the SDK reads what the engine answers, times as dates, and its waiter ends', async () => {
  await ecs.createCluster({ clusterName: 'shop' })
  const { taskDefinition } = await ecs.registerTaskDefinition({
    family: 'app',
    containerDefinitions: [{ name: 'app', image: imageOf('v1'), memory: 64 }],
  })
  expect(taskDefinition?.registeredAt).toBeInstanceOf(Date)
  const created = await ecs.createService({ cluster: 'shop', serviceName: 'api', taskDefinition: 'app', desiredCount: 2 })
  expect(created.service?.deployments?.[0]?.createdAt).toBeInstanceOf(Date)

  const maximum = { client: ecs, maxWaitTime: 20, minDelay: 1, maxDelay: 1 }
  const { state } = await waitUntilServicesStable(maximum, { cluster: 'shop', services: ['api'] })
  expect(state).toBe('SUCCESS')
  const { taskArns } = await ecs.listTasks({ cluster: 'shop', serviceName: 'api' })
  const { tasks } = await ecs.describeTasks({ cluster: 'shop', tasks: taskArns })
  expect(tasks).toMatchObject([{ lastStatus: 'RUNNING', startedAt: expect.any(Date) }, { lastStatus: 'RUNNING' }])

  await expect(ecs.describeTasks({ cluster: 'shop', tasks: [] })).rejects.toMatchObject({ name: 'InvalidParameterException' })
  await expect(ecs.describeServices({ cluster: 'none', services: ['api'] })).rejects.toMatchObject({
    name: 'ClusterNotFoundException',
  })
  await expect(ecs.createCapacityProvider({ name: 'x' })).rejects.toMatchObject({ name: 'NotImplemented' })
})
