import { join } from 'node:path'
import {
  CancelUpdateStackCommand,
  CloudFormationClient,
  CreateChangeSetCommand,
  DescribeChangeSetCommand,
  ExecuteChangeSetCommand,
} from '@aws-sdk/client-cloudformation'
import { test } from 'vitest'
import type { DeploymentPlan } from '../lib/delivery/plan.ts'
import { hold, idOf, parameter, planOf, release, startPlan, tenures } from './deploy-service.plan.ts'
import { account, openWorld, region, until, type World } from './world.ts'

const SOURCE = join(import.meta.dirname, '..', 'actions', 'deploy-service', 'src', 'main.ts')
const STACK = 'shop-dev-service-api'
const made = [{ name: 'api', stack: STACK }]

const start = (world: World, plan: DeploymentPlan, number: number, more: Record<string, string> = {}) =>
  startPlan(world, plan, number, more, {}, SOURCE)

const status = (world: World): string | undefined => world.stacks.stack(account, region, STACK)?.status

/** Begins to bring the stack to a template of one alarm; resolves when CloudFormation is at work. */
const begin = async (world: World, kind: 'CREATE' | 'UPDATE', description: string, created = 'yes'): Promise<void> => {
  const client = new CloudFormationClient(world.config)
  const TemplateBody = JSON.stringify({
    Parameters: { Created: { Type: 'String', Default: 'yes' } },
    Resources: { Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { AlarmDescription: description } } },
  })
  const Parameters = [{ ParameterKey: 'Created', ParameterValue: created }]
  const set = { StackName: STACK, ChangeSetName: `to-${description}`, ChangeSetType: kind, TemplateBody, Parameters }
  const { Id: ChangeSetName } = await client.send(new CreateChangeSetCommand(set))
  await until(
    () => client.send(new DescribeChangeSetCommand({ ChangeSetName })),
    ({ Status }) => Status === 'CREATE_COMPLETE',
  )
  await client.send(new ExecuteChangeSetCommand({ ChangeSetName }))
}

const create = async (world: World, created?: string): Promise<void> => {
  await begin(world, 'CREATE', 'one', created)
  await until(
    async () => status(world),
    (each) => each === 'CREATE_COMPLETE',
  )
}

/** From now on CloudFormation is at work until somebody cancels that; then it goes back. */
const keepBusy = async (world: World): Promise<void> => {
  world.stacks.script([{ stack: STACK, logicalId: 'Alarm', then: 'hang' }])
  await begin(world, 'UPDATE', 'two')
}

const cancelUpdate = (world: World) =>
  new CloudFormationClient(world.config).send(new CancelUpdateStackCommand({ StackName: STACK }))

test.concurrent('a deployment waits until CloudFormation has ended, and then reads again what it deploys over', async ({
  expect,
  onTestFinished,
}) => {
  const world = await openWorld(onTestFinished, { images: { v1: {}, v2: {} } })
  await world.createService('api', 'v1')
  await create(world)
  await keepBusy(world)
  const mark = world.cloud.recorder.mark()
  const running = start(world, planOf('v2', { services: made }), 1)
  await running.printed(`waiting for CloudFormation: ${STACK} is UPDATE_IN_PROGRESS`)
  expect(world.writes(mark)).toEqual([])
  const waited = world.cloud.recorder.mark()
  await cancelUpdate(world)
  const step = await running.done
  expect(step.outputs).toMatchObject({ outcome: 'succeeded', 'running-digest': world.digests['v2'] })
  expect(status(world)).toBe('UPDATE_ROLLBACK_COMPLETE')
  const operations = world.cloud.recorder.calls({ since: waited }).map(({ operation }) => operation)
  const looked = operations.lastIndexOf('DescribeStacks')
  expect(operations.indexOf('RegisterTaskDefinition')).toBeGreaterThan(operations.indexOf('DescribeTaskDefinition', looked))
  expect(await parameter(world, 'api/image')).toBe(world.imageOf('v2'))
})

test.concurrent('one that has waited for its time is refused, and names the stack and how it stands', async ({
  expect,
  onTestFinished,
}) => {
  const world = await openWorld(onTestFinished, { images: { v1: {}, v2: {} } })
  await world.createService('api', 'v1')
  await create(world)
  await keepBusy(world)
  const plan = planOf('v2', { services: made })
  const mark = world.cloud.recorder.mark()
  const trial = await start(world, plan, 1, { 'dry-run': 'true' }).done
  expect(trial.log).toContain(`would wait for CloudFormation: ${STACK} is UPDATE_IN_PROGRESS`)
  expect(trial.outputs).toMatchObject({ outcome: 'skipped' })
  const step = await start(world, plan, 1, { 'lease-timeout': '1s' }).done
  expect(step.outputs).toMatchObject({ outcome: 'refused' })
  expect(step.outputs['reason']).toContain(`at work after 1 s: ${STACK} is UPDATE_IN_PROGRESS; nothing was changed`)
  const rollback = { ...plan, kind: 'rollback' as const, rejects: 'rel-0000000000000000', reason: 'it was wrong' }
  const back = await start(world, rollback, 2, { 'lease-timeout': '1s' }).done
  expect(back.outputs['reason']).toContain('no service was changed, and dev is held')
  expect(await hold(world)).toMatchObject({ state: 'held' })
  expect(world.writes(mark)).toEqual(['ssm:PutParameter'])
})

test.concurrent('one that is cancelled while it waits ends at once and gives the lease back', async ({
  expect,
  onTestFinished,
}) => {
  const world = await openWorld(onTestFinished, { images: { v1: {}, v2: {} } })
  await world.createService('api', 'v1')
  await create(world)
  await keepBusy(world)
  const mark = world.cloud.recorder.mark()
  const running = start(world, planOf('v2', { services: made }), 1)
  await running.printed(/waiting for CloudFormation/)
  running.process.kill('SIGTERM')
  const step = await running.done
  expect(step.outputs).toMatchObject({
    outcome: 'cancelled',
    reason: expect.stringContaining('while CloudFormation was waited for'),
  })
  expect(world.writes(mark)).toEqual([])
  expect(await tenures(world)).toMatchObject([{ owner: '1', to: expect.any(Number) }])
})

test.concurrent('a role that may not look at stacks deploys as before, with a warning that says what to do', async ({
  expect,
  onTestFinished,
}) => {
  const world = await openWorld(onTestFinished, { images: { v1: {}, v2: {} } })
  await world.createService('api', 'v1')
  world.cloud.faults.set([{ call: 'cloudformation:DescribeStacks', then: 'deny' }])
  const step = await start(world, planOf('v2', { services: made }), 1).done
  expect(step.outputs).toMatchObject({ outcome: 'succeeded' })
  expect(step.log).toMatch(/::warning::cloudformation:DescribeStacks was denied.*npm run account -- --environment dev --yes/)
})

test.concurrent('what CloudFormation created only half is not deployed; what was delivered to it before is still proven', async ({
  expect,
  onTestFinished,
}) => {
  const world = await openWorld(onTestFinished, { images: { v1: {}, v2: {} } })
  await world.createService('api', 'v1')
  const first = await start(world, planOf('v1', { services: made }), 1).done
  expect(first.outputs).toMatchObject({ outcome: 'no-change', release: idOf(world, 'v1') })
  await create(world, 'no')
  const step = await start(world, planOf('v2', { services: made }), 2).done
  expect(step.outputs).toMatchObject({ outcome: 'refused' })
  expect(step.outputs['reason']).toMatch(/creation of the stack shop-dev-service-api was not .* infra.yml --ref dev/)
  const proven = await start(world, planOf('v2', { services: made }), 2, { operation: 'prove' }).done
  expect(proven.outputs).toMatchObject({ outcome: 'no-change', 'running-digest': world.digests['v1'] })
  expect(proven.log).toMatch(/::warning::the creation of the stack/)
  expect((await release(world)).release).toBe(idOf(world, 'v1'))
})
