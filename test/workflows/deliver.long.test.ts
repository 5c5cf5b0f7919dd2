import { DescribeTasksCommand, ECSClient, ListTasksCommand } from '@aws-sdk/client-ecs'
import { Lambda } from '@aws-sdk/client-lambda'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { awsCalls, builds, changeApp, deliverEverywhere, deploymentsTo, gateOf, judge, openPull, pullOf, push } from './flow.ts'
import { startWorkflowWorld, type WorkflowWorld } from './world.ts'

let world: WorkflowWorld
beforeAll(async () => {
  world = await startWorkflowWorld({ targets: ['ecs', 'lambda', 'ec2'] })
})
afterAll(() => world?.close())

/** What ECS, Lambda and the hosts say runs in an environment. */
const running = async (environment: string): Promise<(string | undefined)[]> => {
  const place = world.setting.environments.find(({ name }) => name === environment)
  if (place === undefined) throw new Error(`no environment is called ${environment}`)
  const { account, region, services, functions, hosts } = place
  const config = { endpoint: world.cloud.endpoint, region, credentials: world.cloud.adminKey(account) }
  const [ecs, lambda] = [new ECSClient(config), new Lambda(config)]
  const [cluster = ''] = services.map((service) => service.cluster)
  const invoked = functions.map(async ({ name, alias }) => {
    const { Configuration } = await lambda.getFunction({ FunctionName: name, Qualifier: alias })
    return `sha256:${Configuration?.CodeSha256}`
  })
  const onHosts = hosts.map(({ instanceId }) => world.hosts[instanceId]?.active?.image.split('@')[1])
  const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster, desiredStatus: 'RUNNING' }))
  const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }))
  const inTasks = tasks.flatMap(({ containers = [] }) => containers.map(({ imageDigest }) => imageDigest))
  expect([inTasks.length, invoked.length, onHosts.length]).toEqual([services[0]?.count, 1, environment === 'prod' ? 2 : 1])
  return [...new Set([...inTasks, ...(await Promise.all(invoked)), ...onHosts])]
}

/** Every service exists already: infrastructure has nothing to do. */
const none = { seed: 'skipped', infra: 'skipped', prove: 'skipped' }

test('three pushes are three releases of one build, the same digest everywhere', async () => {
  const [dev, staging, prod] = await deliverEverywhere(world, 'first')
  expect(dev?.jobs, dev?.log).toEqual({ plan: 'success', build: 'success', ...none, deploy: 'success', propose: 'success' })
  for (const run of [staging, prod])
    expect(run?.jobs).toEqual({ plan: 'success', build: 'skipped', ...none, deploy: 'success', propose: 'success' })
  expect(builds(world)).toBe(1)

  const releases = await Promise.all(['dev', 'staging', 'prod'].map((name) => world.release(name)))
  const digest = releases[0]?.images['app']?.digest
  expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/)
  expect(releases.map(({ images }) => images['app']?.digest)).toEqual([digest, digest, digest])
  expect(new Set(releases.map(({ release }) => release)).size).toBe(1)
  expect(releases.map(({ commit }) => commit)).toEqual(['dev', 'staging', 'main'].map((branch) => world.scratch.head(branch)))
  for (const name of ['dev', 'staging', 'prod']) {
    expect(await running(name)).toEqual([digest])
    const deployments = deploymentsTo(world, name)
    expect(deployments.map(({ payload }) => (payload as { service: string }).service).toSorted()).toEqual([
      'api',
      'edge',
      'events',
    ])
    for (const { payload, statuses } of deployments) {
      expect(payload).toMatchObject({ digest, release: releases[0]?.release })
      expect(statuses.map(({ state }) => state)).toEqual(['in_progress', 'success'])
    }
  }
  expect(deploymentsTo(world, 'prod')[0]?.production_environment).toBe(true)
})

test('promotions were proposed by the workflow, with their gate', () => {
  const [toStaging, toMain] = [pullOf(world, 1), pullOf(world, 2)]
  expect([toStaging, toMain].map(({ head, base, author }) => [head, base, author])).toEqual([
    ['dev', 'staging', 'github-actions[bot]'],
    ['staging', 'main', 'github-actions[bot]'],
  ])
  for (const pull of [toStaging, toMain]) expect(gateOf(world, pull)).toMatchObject({ state: 'success' })
})

const swaps = () => Object.values(world.hosts).map((host) => host.swaps)

test('the same push once more changes nothing', async () => {
  const before = swaps()
  const since = world.cloud.recorder.mark()
  const run = await push(world, 'staging')
  expect(run.jobs['deploy']).toBe('success')
  expect(run.outputs['deploy']).toMatchObject({ outcome: 'no-change' })
  expect(awsCalls(world, since).writes.filter((call) => /^(ecs|lambda):/.test(call))).toEqual([])
  expect(swaps()).toEqual(before)
})

test('of two pushes in a row the second wins, and the first, approved later, writes nothing', async () => {
  changeApp(world, 'earlier')
  let later: Awaited<ReturnType<typeof push>> | undefined
  let since = 0
  const earlier = await push(world, 'dev', {
    approval: async (environment) => {
      if (environment !== 'dev') return
      changeApp(world, 'later')
      later = await push(world, 'dev')
      since = world.cloud.recorder.mark()
    },
  })
  expect(later?.jobs['deploy']).toBe('success')
  expect(earlier.jobs['deploy']).toBe('success')
  expect(earlier.outputs['deploy']).toMatchObject({ outcome: 'skipped' })
  const { commit, run } = await world.release('dev')
  expect([commit, run.split('/').at(-1)]).toEqual([world.scratch.head('dev'), String(later?.runId)])
  // The lease is all that it wrote.
  expect(awsCalls(world, since).writes.filter((call) => call !== 'ssm:PutParameter')).toEqual([])
})

test('a tree that dev never had is refused before the merge, in words, and before AWS is touched', async () => {
  world.scratch.commit('feature', { 'app/src/note.txt': 'straight to staging\n' }, 'Past dev', 'staging')
  const pull = await openPull(world, 'feature', 'staging')
  const since = world.cloud.recorder.mark()
  const run = await judge(world, pull)
  expect(run.jobs).toEqual({ gate: 'success' })
  expect(gateOf(world, pull)).toMatchObject({ state: 'failure' })
  expect(gateOf(world, pull)?.description).toMatch(/dev/)
  expect(run.summaries).toContain('dev has never verified what this merge makes of app; merge it to dev first')
  expect(awsCalls(world, since).all).toEqual([])
})

test('merged all the same it is refused by the plan, and nothing moves', async () => {
  const before = await world.release('staging')
  world.scratch.merge('feature', 'staging')
  const since = world.cloud.recorder.mark()
  const run = await push(world, 'staging')
  expect(run.jobs).toEqual({ plan: 'failure', build: 'skipped', ...none, deploy: 'skipped', propose: 'success' })
  expect(run.log).toMatch(/dev has never had/)
  expect(awsCalls(world, since).all).toEqual([])
  expect(await world.release('staging')).toEqual(before)
  expect(await running('staging')).toEqual([before.images['app']?.digest])
})
