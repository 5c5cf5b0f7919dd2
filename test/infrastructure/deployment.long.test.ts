import { CancelUpdateStackCommand, CloudFormationClient } from '@aws-sdk/client-cloudformation'
import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs'
import { expect, test } from 'vitest'
import type { DeploymentPlan } from '../../lib/delivery/plan.ts'
import { until } from '../cloud-world.ts'
import { deployInfrastructure, establish, green } from './runs.ts'
import { openInfrastructure } from './world.ts'

const services = ['api']
const STACK = 'shop-dev-service-api'
const alarm = { Alarm: { Type: 'AWS::CloudWatch::Alarm', DependsOn: 'Service', Properties: { AlarmName: 'shop-dev-api' } } }
const short = { 'lease-duration': '2s', 'request-timeout': '1s' }

test('a delivery after a killed run of infrastructure waits for CloudFormation, and what it brings stays', async ({
  onTestFinished,
}) => {
  const world = await openInfrastructure(onTestFinished)
  await establish(world, services)
  const assembly = world.assemble({ services, variables: { A: '1' }, more: alarm })
  const approved = (await green(world.infra(2, { operation: 'prepare', assembly }))).outputs['approved'] ?? ''
  world.stacks.script([{ stack: STACK, logicalId: 'Alarm', then: 'hang' }])
  const killed = world.infra(2, { operation: 'execute', assembly, approved, ...short })
  await killed.printed(/Alarm CREATE_IN_PROGRESS/)
  killed.process.kill('SIGKILL')
  await killed.done
  const delivery = world.startDelivery(world.plan('v2', services), 3)
  await delivery.printed(`waiting for CloudFormation: ${STACK} is UPDATE_IN_PROGRESS`)
  await new CloudFormationClient(world.config).send(new CancelUpdateStackCommand({ StackName: STACK }))
  await green(delivery)
  expect(world.statuses()['service-api']).toBe('UPDATE_ROLLBACK_COMPLETE')
  expect(await world.observe()).toMatchObject({ api: 'v2', count: 2, running: 2, records: ['v2', 'nothing', 'nothing'] })
})

test('a service whose creation was left half way is not deployed, and one that was set to 0 is started again', async ({
  onTestFinished,
}) => {
  const world = await openInfrastructure(onTestFinished)
  const plan = world.plan('v1', services)
  await green(world.startDelivery(plan, 1, { operation: 'seed' }))
  const assembly = world.assemble({ services })
  const approved = (await green(world.infra(1, { operation: 'prepare', assembly }))).outputs['approved'] ?? ''
  const killed = world.infra(1, { operation: 'execute', assembly, approved, ...short })
  await killed.printed(/service-api shop-dev-service-api CREATE_COMPLETE/)
  killed.process.kill('SIGKILL')
  await killed.done
  const hotfix: DeploymentPlan = { ...plan, kind: 'hotfix', reason: 'prices are wrong' }
  const step = await world.startDelivery(hotfix, 2).done
  expect(step.outputs).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('was not brought to its end') })
  expect(await world.observe()).toMatchObject({ count: 0 })

  const { executed } = await deployInfrastructure(world, 3, assembly)
  await green(Promise.resolve(executed))
  await green(world.startDelivery(plan, 3))
  expect(await world.observe()).toMatchObject({ api: 'v1', count: 2 })
  await new ECSClient(world.config).send(new UpdateServiceCommand({ cluster: 'shop-dev', service: 'api', desiredCount: 0 }))
  const proven = await green(world.startDelivery(world.plan('v2', services), 4, { operation: 'prove' }))
  expect(proven.outputs).toMatchObject({ outcome: 'succeeded' })
  await until(world.observe, ({ running }) => running === 2)
  expect(await world.observe()).toMatchObject({ api: 'v1', count: 2, running: 2 })
})
