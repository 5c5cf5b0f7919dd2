import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs'
import { DeleteParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm'
import { expect, test } from 'vitest'
import { account, region } from '../cloud-world.ts'
import { runUrl } from '../deploy-service.plan.ts'
import { deployInfrastructure, establish, green } from './runs.ts'
import { assembleStacks, attempt, bring, outcomes, prepared, statusOf, twoStacks } from './stacks.case.ts'
import { type InfrastructureWorld, openInfrastructure } from './world.ts'

const services = ['api']
const more = { Alarm: { Type: 'AWS::CloudWatch::Alarm', DependsOn: 'Service', Properties: { AlarmName: 'shop-dev-api' } } }
const V2 = { api: 'v2', count: 2, running: 2 }

type End = (close: () => Promise<void>) => void

/** CloudFormation has last had v1, and v2 was deployed since. */
const behind = async (end: End): Promise<InfrastructureWorld> => {
  const world = await openInfrastructure(end)
  await establish(world, services)
  await green(world.startDelivery(world.plan('v2', services), 2))
  return world
}

const approve = async ({ infra }: InfrastructureWorld, run: number, assembly: string) => {
  const { outputs } = await green(infra(run, { operation: 'prepare', assembly }))
  return { operation: 'execute', assembly, approved: outputs['approved'] ?? '' }
}

const record = (world: InfrastructureWorld, run: number) =>
  world.ssm.send(
    new PutParameterCommand({
      Name: '/shop/dev/release',
      Type: 'String',
      Overwrite: true,
      Value: JSON.stringify({
        ...{ release: 'r-1', images: {}, services: { api: 'app' }, commit: '', run: runUrl(run) },
        ...{ actor: 'mona', verifiedAt: '2026-11-21T00:00:00Z', rejected: [] },
      }),
    }),
  )

test('a job that is cancelled or killed while CloudFormation is told of the recorded image leaves that image running', async ({
  onTestFinished,
}) => {
  const world = await behind(onTestFinished)
  const execution = await approve(world, 3, world.assemble({ services, variables: { A: '1' } }))
  const killed = world.infra(3, execution)
  await killed.printed(/Service UPDATE_IN_PROGRESS/)
  killed.process.kill('SIGKILL')
  const { state } = await killed.done
  const post = await green(world.infra(3, execution, { state }))
  expect(post.log).toContain('the change itself was not begun')
  expect(await world.observe()).toMatchObject(V2)

  await green(world.startDelivery(world.plan('v3', services), 5))
  const again = await approve(world, 6, world.assemble({ services, variables: { A: '1' } }))
  const cancelled = world.infra(6, again)
  await cancelled.printed(/Service UPDATE_IN_PROGRESS/)
  cancelled.process.kill('SIGINT')
  const { outputs, log } = await cancelled.done
  expect(outputs, log).toMatchObject({ outcome: 'cancelled', changes: 'true', lease: 'released' })
  expect(log).not.toContain('is taken back')
  expect(world.statuses()).toMatchObject({ 'service-api': 'UPDATE_COMPLETE' })
  expect(await world.observe()).toMatchObject({ ...V2, api: 'v3' })
})

test('a hold stops what is under way: nothing more is begun, and who has taken the environment in hand gets in', async ({
  onTestFinished,
}) => {
  const world = await behind(onTestFinished)
  const assembly = world.assemble({ services, variables: { A: '1' }, more })
  const execution = await approve(world, 3, assembly)
  world.stacks.script([{ stack: 'shop-dev-service-api', logicalId: 'Alarm', then: 'hang' }])
  const running = world.infra(3, { ...execution, 'lease-duration': '3s', 'request-timeout': '1s' })
  await running.printed(/Alarm CREATE_IN_PROGRESS/)
  await green(world.startDelivery({ ...world.plan('v1', []), kind: 'hold', reason: 'prices are wrong' }, 4))
  const back = { ...world.plan('v1', services), kind: 'rollback' as const, reason: 'prices are wrong' }
  await green(world.startDelivery(back, 5, { 'lease-timeout': '60s' }))
  const { outputs } = await running.done
  expect(outputs).toMatchObject({
    outcome: 'cancelled',
    changes: 'true',
    lease: 'released',
    reason: expect.stringMatching(/taken back \(UPDATE_ROLLBACK_COMPLETE\): .*dev is held by mona .*prices are wrong/),
  })
  expect(world.statuses()).toMatchObject({ 'service-api': 'UPDATE_ROLLBACK_COMPLETE' })
  expect(await world.observe()).toMatchObject({ api: 'v1', count: 2, running: 2 })
})

test('the tasks of a service that was delivered are not put at stake to bring its creation to its end', async ({
  onTestFinished,
}) => {
  const world = await openInfrastructure(onTestFinished)
  await green(world.startDelivery(world.plan('v1', services), 1, { operation: 'seed' }))
  const assembly = world.assemble({ services })
  const killed = world.infra(1, { ...(await approve(world, 1, assembly)), 'lease-duration': '2s', 'request-timeout': '1s' })
  await killed.printed(/service-api shop-dev-service-api CREATE_COMPLETE/)
  killed.process.kill('SIGKILL')
  await killed.done
  await new ECSClient(world.config).send(new UpdateServiceCommand({ cluster: 'shop-dev', service: 'api', desiredCount: 2 }))
  await record(world, 2)
  // Whatever it is: as soon as CloudFormation has touched the service, this fails, and the service goes back to 0.
  world.stacks.script([{ stack: 'shop-dev-service-api', logicalId: 'Service', then: 'fail', reason: 'no' }])
  const { executed } = await deployInfrastructure(world, 3, assembly)
  expect(executed.outputs).toMatchObject({
    outcome: 'refused',
    reason: expect.stringMatching(
      /api has been delivered.*execute-change-set --disable-rollback --change-set-name arn:\S+ --region /,
    ),
  })
  expect(await world.observe()).toMatchObject({ count: 2 })

  world.stacks.script([])
  await world.ssm.send(new DeleteParameterCommand({ Name: '/shop/dev/release' }))
  await green(Promise.resolve((await deployInfrastructure(world, 4, assembly)).executed))
  expect(world.stacks.stack(account, region, 'shop-dev-service-api')?.desired?.parameters).toContainEqual(
    expect.objectContaining({ ParameterKey: 'Created', ParameterValue: 'yes' }),
  )
})

test('a wave that cannot be begun does not hide what the one before it has done, and an outdated run does nothing', async ({
  onTestFinished,
}) => {
  const world = await openInfrastructure(onTestFinished)
  await bring(world, assembleStacks(world, twoStacks()))
  const tags = { Tags: [{ Key: 'a', Value: 'b' }] }
  const assembly = assembleStacks(world, twoStacks({ network: tags, hosts: tags }))
  const approved = await prepared(world, assembly)
  const running = attempt(world, { operation: 'execute', assembly, approved })
  await running.printed('shop-dev-network: executing')
  world.cloud.faults.set([{ call: 'ssm:GetParameters', nth: 1, then: 'deny' }])
  const struck = await running.done
  world.cloud.faults.set([])
  expect(outcomes(struck), struck.log).toEqual({ network: 'updated', hosts: 'refused' })
  expect(struck.exitCode).toBe(1)
  expect(struck.outputs).toMatchObject({ outcome: 'refused', changes: 'true', lease: 'kept' })

  await record(world, 8)
  const late = await green(attempt(world, { operation: 'execute', assembly, approved }))
  expect(late.outputs).toMatchObject({
    outcome: 'skipped',
    changes: 'false',
    lease: 'released',
    reason: expect.stringMatching(/is newer than this one/),
  })
  expect(statusOf(world, 'hosts')).toBe('CREATE_COMPLETE')
})
