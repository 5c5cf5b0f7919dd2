import { UpdateServiceCommand } from '@aws-sdk/client-ecs'
import { GetParameterHistoryCommand } from '@aws-sdk/client-ssm'
import { afterEach, expect, test } from 'vitest'
import type { Step } from '../local/github/step.ts'
import { type PlanOptions, parameter, planOf, runPlan } from './deploy-service.plan.ts'
import { startWorld, type World } from './world.ts'

let world: World
afterEach(() => world.close())

type Planned = NonNullable<PlanOptions['services']>[number]

/** Each service gets its digest from the build. */
const deploy = (tag: string, services: Planned[], more: Record<string, string> = {}): Promise<Step> =>
  runPlan(world, planOf(tag, { services, commit: 'c'.repeat(40) }), 77, {
    digests: JSON.stringify({ app: world.digests[tag] }),
    ...more,
  })

const outcomes = (step: Step): Record<string, string> =>
  Object.fromEntries(
    JSON.parse(step.outputs['services'] ?? '[]').map(({ service, outcome }: { service: string; outcome: string }) => [
      service,
      outcome,
    ]),
  )

test('a release is recorded after everything is proven: images first, the release last', async () => {
  world = await startWorld({ images: { v1: {}, v2: {} } })
  await world.createService('api', 'v1')
  await world.createService('worker', 'v1')
  const mark = world.cloud.recorder.mark()
  const step = await deploy('v2', [{ name: 'api' }, { name: 'worker', dependsOn: ['api'] }])
  expect(outcomes(step)).toEqual({ api: 'succeeded', worker: 'succeeded' })
  const written = world.cloud.recorder
    .calls({ since: mark, call: 'ssm:PutParameter' })
    .map(({ input }) => (input as { Name: string }).Name)
  expect(written).toEqual([
    '/shop/dev/lock',
    '/shop/dev/api/image',
    '/shop/dev/worker/image',
    '/shop/dev/release',
    '/shop/dev/lock',
  ])
  expect(await parameter(world, 'api/image')).toBe(world.imageOf('v2'))
  expect(JSON.parse((await parameter(world, 'release')) ?? '')).toMatchObject({
    images: { app: { digest: world.digests['v2'], tag: 'v2' } },
    services: { api: 'app', worker: 'app' },
    commit: 'c'.repeat(40),
    run: 'https://github.com/acme/shop/actions/runs/77',
    actor: 'mona',
    rejected: [],
  })
})

test('a service starts only after those it depends on are proven', async () => {
  world = await startWorld({ images: { v1: {}, v2: {} } })
  await world.createService('api', 'v1')
  await world.createService('worker', 'v1')
  const step = await deploy('v2', [{ name: 'api' }, { name: 'worker', dependsOn: ['api'] }])
  const at = (text: string): number => step.log.indexOf(text)
  expect(at('worker: started')).toBeGreaterThan(at('(service api) has reached a steady state'))
})

test('the same release again writes nothing, and one that lost a record writes just that', async () => {
  world = await startWorld({ images: { v1: {} } })
  await world.createService('api', 'v1')
  await deploy('v1', [{ name: 'api' }])
  let mark = world.cloud.recorder.mark()
  const again = await deploy('v1', [{ name: 'api' }])
  expect(again.outputs['outcome']).toBe('no-change')
  expect(world.writes(mark)).toEqual([])
  const { DeleteParameterCommand } = await import('@aws-sdk/client-ssm')
  await world.ssm.send(new DeleteParameterCommand({ Name: '/shop/dev/api/image' }))
  mark = world.cloud.recorder.mark()
  await deploy('v1', [{ name: 'api' }])
  expect(world.writes(mark)).toEqual(['ssm:PutParameter'])
  const { Parameters = [] } = await world.ssm.send(new GetParameterHistoryCommand({ Name: '/shop/dev/release' }))
  expect(Parameters).toHaveLength(1)
})

test('when the second of three services fails, the first goes back, the third is not touched, nothing is recorded', async () => {
  const once = { exitsWith: 1, exitsAfter: 100, logs: ['no queue'] }
  world = await startWorld({ images: { v1: {}, v2: {} } })
  await world.createService('api', 'v1')
  await world.createService('worker', 'v1', {}, { command: ['fail'] })
  await world.createService('web', 'v1')
  world.script[world.digests['v2'] ?? ''] = (spec) => (spec.command?.[0] === 'fail' ? once : {})
  const services = [{ name: 'api' }, { name: 'worker', dependsOn: ['api'] }, { name: 'web', dependsOn: ['worker'] }]
  const step = await deploy('v2', services)
  expect(step.exitCode).toBe(1)
  expect(outcomes(step)).toEqual({ api: 'failed-rolled-back', worker: 'failed-rolled-back', web: 'failed-rolled-back' })
  for (const name of ['api', 'worker', 'web']) {
    expect((await world.service(name)).taskDefinition).toMatch(new RegExp(`${name}:1$`))
  }
  const running = JSON.parse(step.outputs['services'] ?? '[]').map(
    ({ runningDigest }: { runningDigest: string }) => runningDigest,
  )
  expect(running).toEqual([world.digests['v1'], world.digests['v1'], world.digests['v1']])
  expect(await parameter(world, 'release')).toBeUndefined()
  expect(
    world.cloud.recorder
      .calls({ call: 'ecs:UpdateService' })
      .filter(({ input }) => (input as { service: string }).service === 'web'),
  ).toEqual([])
})

test('with on-failure keep the others stay, and the release is recorded as partial', async () => {
  world = await startWorld({ images: { v1: {}, v2: {} } })
  await world.createService('api', 'v1')
  await world.createService('worker', 'v1', {}, { command: ['fail'] })
  world.script[world.digests['v2'] ?? ''] = (spec) =>
    spec.command?.[0] === 'fail' ? { exitsWith: 1, exitsAfter: 100, logs: ['no'] } : {}
  const step = await deploy('v2', [{ name: 'api' }, { name: 'worker' }], { 'on-failure': 'keep' })
  expect(outcomes(step)).toEqual({ api: 'succeeded', worker: 'failed-rolled-back' })
  expect(JSON.parse((await parameter(world, 'release')) ?? '')).toMatchObject({ partial: true, services: { api: 'app' } })
})

test('a service that is there already and is scaling out is waited for, and fails nobody', async () => {
  world = await startWorld({ images: { v1: {}, v2: {} } })
  await world.createService('api', 'v1')
  await world.createService('worker', 'v2', {}, { command: ['work'] })
  world.script[world.digests['v2'] ?? ''] = ({ command }) => (command?.[0] === 'work' ? { startsAfter: 100_000 } : {})
  await world.ecs.send(new UpdateServiceCommand({ cluster: 'shop', service: 'worker', desiredCount: 3 }))
  const step = await deploy('v2', [{ name: 'api' }, { name: 'worker' }])
  expect(outcomes(step)).toEqual({ api: 'succeeded', worker: 'no-change' })
  expect(await world.service('worker')).toMatchObject({ desiredCount: 3, runningCount: 3 })
})

test('the first deployment runs the pre-deploy command once and first, then sets the count', async () => {
  world = await startWorld({ images: { v1: {} } })
  await world.createService('api', 'v1', { desiredCount: 0 })
  world.script[world.digests['v1'] ?? ''] = (spec) =>
    spec.command?.[0] === 'migrate' ? { exitsWith: 0, exitsAfter: 100, logs: ['migrated'] } : {}
  const step = await deploy('v1', [{ name: 'api', preDeploy: ['migrate'], count: 3 }])
  expect(step.outputs).toMatchObject({ outcome: 'succeeded', 'running-digest': world.digests['v1'] })
  expect(step.log).toContain('| migrated')
  expect(await world.service('api')).toMatchObject({ desiredCount: 3, runningCount: 3 })
  const writes = world.writes().filter((call) => /RunTask|UpdateService/.test(call))
  expect(writes).toEqual(['ecs:RunTask', 'ecs:UpdateService'])
})

test('a pre-deploy command that a killed run left behind is over before it is run again', async () => {
  world = await startWorld({ images: { v1: {}, v2: {} } })
  await world.createService('api', 'v1')
  let runs = 0
  world.script[world.digests['v2'] ?? ''] = ({ command }) =>
    command?.[0] === 'migrate' ? { exitsWith: 0, exitsAfter: runs++ === 0 ? 600_000 : 100 } : {}
  const inputs = world.inputs('api', 'v2', { 'pre-deploy': '["migrate"]' })
  const killed = world.startDeploy(inputs)
  await killed.printed('was started')
  killed.process.kill('SIGKILL')
  await killed.done
  const step = await world.deploy(inputs)
  expect(step.outputs['outcome']).toBe('succeeded')
  expect(step.log).toContain('::warning::the pre-deploy command of an earlier run still runs as task')
  const writes = world.writes().filter((call) => /RunTask|StopTask/.test(call))
  expect(writes).toEqual(['ecs:RunTask', 'ecs:StopTask', 'ecs:RunTask'])
})

test('a pre-deploy command that fails touches no service, and shows its log', async () => {
  world = await startWorld({ images: { v1: {}, v2: {} } })
  await world.createService('api', 'v1')
  world.script[world.digests['v2'] ?? ''] = (spec) =>
    spec.command?.[0] === 'migrate' ? { exitsWith: 4, exitsAfter: 100, logs: ['column exists'] } : {}
  const mark = world.cloud.recorder.mark()
  const step = await deploy('v2', [{ name: 'api', preDeploy: ['migrate'] }])
  expect(step.exitCode).toBe(1)
  expect(step.outputs).toMatchObject({ outcome: 'failed-rolled-back', 'running-digest': world.digests['v1'] })
  expect(step.log).toContain('| column exists')
  expect(step.log).toContain("container 'app' exited with 4")
  expect(world.writes(mark)).toEqual(['ecs:RegisterTaskDefinition', 'ecs:RunTask'])
})

test('a dry run says what would be done and writes nothing', async () => {
  world = await startWorld({ images: { v1: {}, v2: {} } })
  await world.createService('api', 'v1')
  const mark = world.cloud.recorder.mark()
  const step = await deploy('v2', [{ name: 'api', preDeploy: ['migrate'] }], { 'dry-run': 'true' })
  expect(step.exitCode).toBe(0)
  expect(step.log).toContain(`api: would run migrate, then deploy ${world.imageOf('v2')}`)
  expect(world.writes(mark)).toEqual([])
})
