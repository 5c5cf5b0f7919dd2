import { join } from 'node:path'
import { UpdateServiceCommand } from '@aws-sdk/client-ecs'
import { afterEach, expect, test } from 'vitest'
import { startWorld, type World } from '../world.ts'

let world: World
afterEach(() => world.close())

const entry = join(import.meta.dirname, '..', '..', 'actions', 'deploy-service', 'src', 'main.ts')

test('a deployment that is replaced between two reads of one look is superseded, not failed', async () => {
  world = await startWorld({ factor: 20, images: { v1: {}, v2: { startsAfter: 600_000 }, v3: {} } })
  await world.createService('api', 'v1')
  await world.createService('other', 'v3', { desiredCount: 0 })
  const { taskDefinition = '' } = await world.service('other')
  // The service is read, then somebody else deploys, then the service deployment is read.
  world.cloud.faults.set([{ call: 'ecs:DescribeServiceDeployments', nth: 1, then: 'hang' }], () => {
    void world.ecs.send(new UpdateServiceCommand({ cluster: 'shop', service: 'api', taskDefinition }))
  })
  const step = await world.deploy(world.inputs('api', 'v2', { 'request-timeout': '1s' }), { entry })
  expect([step.exitCode, step.outputs['outcome']]).toEqual([1, 'superseded'])
})
