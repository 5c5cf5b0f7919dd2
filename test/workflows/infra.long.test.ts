import { DescribeServicesCommand, DescribeTaskDefinitionCommand, ECSClient } from '@aws-sdk/client-ecs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { changeApp, dispatch, push } from './flow.ts'
import { startWorkflowWorld, type WorkflowWorld } from './world.ts'

// An account in which nothing is but the roles: the CDK app of the branch, the committed workflow files, and the local CloudFormation.
let world: WorkflowWorld
beforeAll(async () => {
  world = await startWorkflowWorld({ infrastructure: true, withoutPreDeploy: true })
})
afterAll(() => world?.close())

const statuses = (): Record<string, string> =>
  Object.fromEntries(
    ['network', 'cluster', 'service-api', 'budgets'].flatMap((content) => {
      const { account = '', region = '' } = world.setting.environments[0] ?? {}
      const found = world.stacks?.stack(account, region, `shop-dev-${content}`)
      return found === undefined ? [] : [[content, found.status]]
    }),
  )

/** What ECS is asked to run of `api` in dev, and with which variables. */
const running = async () => {
  const { account = '', region = '' } = world.setting.environments[0] ?? {}
  const ecs = new ECSClient({ endpoint: world.cloud.endpoint, region, credentials: world.cloud.adminKey(account) })
  const { services: [api] = [] } = await ecs.send(new DescribeServicesCommand({ cluster: 'shop-dev', services: ['api'] }))
  const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: api?.taskDefinition }))
  const [container] = taskDefinition?.containerDefinitions ?? []
  const variables = Object.fromEntries((container?.environment ?? []).map(({ name, value }) => [name, value]))
  return { digest: container?.image?.split('@')[1], count: api?.desiredCount, running: api?.runningCount, variables }
}

const withLogLevel = (level: string): Record<string, string> => {
  const delivery = JSON.parse(world.scratch.show('dev', 'delivery.json'))
  delivery.services.api.variables = { ...delivery.services.api.variables, LOG_LEVEL: level }
  return { 'delivery.json': JSON.stringify(delivery, null, 2) }
}

test('the first delivery to an empty account: seeded, made, then deployed, with one push', async () => {
  changeApp(world, 'first')
  const run = await push(world, 'dev')
  expect(run.jobs, run.log).toEqual({
    plan: 'success',
    build: 'success',
    seed: 'success',
    infra: 'success',
    deploy: 'success',
    prove: 'skipped',
    propose: 'success',
  })
  const release = await world.release('dev')
  expect(await running()).toMatchObject({ digest: release.images['app']?.digest, count: 1, running: 1 })
  expect(Object.values(statuses()).every((status) => /COMPLETE$/.test(status))).toBe(true)
  expect(run.outputs['deploy']).toMatchObject({ outcome: 'succeeded', proven: 'no-change' })
})

test('a push that changes image and infrastructure brings both; one that changes neither asks nobody', async () => {
  world.scratch.commit('dev', { ...withLogLevel('debug'), 'app/src/note.txt': 'second\n' }, 'Both')
  const run = await push(world, 'dev')
  expect(run.jobs, run.log).toMatchObject({ build: 'success', seed: 'skipped', infra: 'success', deploy: 'success' })
  const release = await world.release('dev')
  expect(await running()).toMatchObject({ digest: release.images['app']?.digest, variables: { LOG_LEVEL: 'debug' }, running: 1 })
  const asked: string[] = []
  changeApp(world, 'third')
  const next = await push(world, 'dev', { approval: async (environment) => void asked.push(environment) })
  expect(next.jobs, next.log).toMatchObject({ infra: 'skipped', deploy: 'success' })
  expect(asked).toEqual(['build', 'dev'])
})

test('infrastructure that fails brings nothing new, and what is recorded runs', async () => {
  const before = await running()
  world.stacks?.script([{ stack: 'shop-dev-service-api', logicalId: 'Service', then: 'fail', reason: 'no capacity' }])
  world.scratch.commit('dev', { ...withLogLevel('error'), 'app/src/note.txt': 'fourth\n' }, 'Both, and it fails')
  const run = await push(world, 'dev')
  world.stacks?.script([])
  expect(run.jobs, run.log).toMatchObject({ build: 'success', infra: 'failure', deploy: 'success' })
  expect(run.log).toContain('no capacity')
  expect(run.outputs['deploy']).toMatchObject({ outcome: null, proven: expect.stringMatching(/^(no-change|succeeded)$/) })
  expect((await running()).digest).toBe(before.digest)
  expect((await world.release('dev')).images['app']?.digest).toBe(before.digest)
})

test('a rollback does not wait for an infrastructure run that nobody has approved, and ends it', async () => {
  const before = await world.release('dev')
  const run = await push(world, 'dev', {
    approval: async (environment) => {
      if (environment !== 'dev-infra') return
      const back = await dispatch(world, 'rollback.yml', 'dev', {
        operation: 'rollback',
        environment: 'dev',
        reason: 'prices are wrong',
      })
      expect(back.jobs['deploy'], back.log).toBe('success')
    },
  })
  expect(run.jobs, run.log).toMatchObject({ infra: 'failure', deploy: 'success' })
  expect(run.log).toContain('prices are wrong')
  const after = await world.release('dev')
  expect(after).toMatchObject({ kind: 'rollback', release: before.previous })
  expect((await running()).digest).toBe(after.images['app']?.digest)
  expect((await running()).variables).toMatchObject({ LOG_LEVEL: 'debug' })
})

test('infrastructure by hand: held it is refused, afterwards it is brought and proven, and no image with it', async () => {
  const held = await dispatch(world, 'infra.yml', 'dev')
  expect(held.jobs).toEqual({ plan: 'failure', infra: 'skipped', prove: 'skipped' })
  await dispatch(world, 'rollback.yml', 'dev', { operation: 'resume', environment: 'dev' })
  const before = await world.release('dev')
  const run = await dispatch(world, 'infra.yml', 'dev')
  expect(run.jobs, run.log).toEqual({ plan: 'success', infra: 'success', prove: 'success' })
  expect(await world.release('dev')).toEqual(before)
  expect(await running()).toMatchObject({ digest: before.images['app']?.digest, variables: { LOG_LEVEL: 'error' }, running: 1 })
})
