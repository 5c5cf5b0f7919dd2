import { BatchGetImageCommand, DescribeImagesCommand, ECRClient } from '@aws-sdk/client-ecr'
import { afterEach, expect, test } from 'vitest'
import { account, region, registryAccount, repository, startWorld, type World } from './world.ts'

let world: World
afterEach(() => world.close())

test('before the first write there are at most nine calls, in at most three rounds', async () => {
  world = await startWorld({ images: { v1: {}, v2: {} } })
  await world.createService('api', 'v1')
  const mark = world.cloud.recorder.mark()
  await world.deploy(world.inputs('api', 'v2'))
  const calls = world.cloud.recorder.calls({ since: mark }).filter(({ principal }) => !principal.includes('ecs-tasks'))
  const first = calls.findIndex(({ operation }) => operation === 'RegisterTaskDefinition')
  const before = calls.slice(0, first).map(({ operation }) => operation)
  expect(before.length).toBeLessThanOrEqual(9)
  expect(before.toSorted()).toEqual([
    'BatchGetImage',
    'BatchGetImage',
    'DescribeServiceRevisions',
    'DescribeServices',
    'DescribeTaskDefinition',
    'DescribeTaskDefinition',
    'GetCallerIdentity',
    'GetDownloadUrlForLayer',
  ])
})

test('an image for another processor is refused before anything is registered', async () => {
  world = await startWorld({ images: { v1: {}, arm: {} }, architectures: { arm: 'arm64' } })
  await world.createService('api', 'v1')
  const mark = world.cloud.recorder.mark()
  const step = await world.deploy(world.inputs('api', 'arm'))
  expect(step.outputs['reason']).toContain('it is built for linux/arm64, the service needs linux/amd64')
  expect(world.writes(mark)).toEqual([])
})

test('where the config may not be read the platform is left to ECS', async () => {
  world = await startWorld({ images: { v1: {}, arm: {} }, architectures: { arm: 'arm64' } })
  await world.createService('api', 'v1')
  world.cloud.faults.set([{ call: 'ecr:GetDownloadUrlForLayer', then: 'deny' }])
  const step = await world.deploy(world.inputs('api', 'arm'))
  expect(step.outputs['outcome']).toBe('succeeded')
})

test('a registry that may not be asked is said once, and the deployment goes on', async () => {
  world = await startWorld({ images: { v1: {}, v2: {} } })
  await world.createService('api', 'v1')
  world.cloud.faults.set([{ call: 'ecr:BatchGetImage', nth: 1, then: 'deny' }])
  const step = await world.deploy(world.inputs('api', 'v2'))
  expect(step.outputs['outcome']).toBe('succeeded')
  expect(step.log).toContain('allow ecr:BatchGetImage')
})

test('a release tags its images so that no lifecycle rule expires them, before it is recorded', async () => {
  world = await startWorld({ images: { v1: {}, v2: {} } })
  await world.createService('api', 'v1')
  const mark = world.cloud.recorder.mark()
  const step = await world.deploy({
    credentials: 'ambient',
    'poll-interval': '500ms',
    plan: JSON.stringify({
      version: 1,
      project: 'shop',
      environment: 'dev',
      account,
      region,
      role: 'r',
      branch: 'dev',
      kind: 'first',
      release: { commit: 'c', images: { app: { repository, tag: 'src-2', digest: world.digests['v2'] } } },
      services: [
        { target: 'ecs', name: 'api', image: 'app', dependsOn: [], cluster: 'shop', service: 'api', container: 'app', count: 2 },
      ],
    }),
  })
  expect(step.outputs['outcome']).toBe('succeeded')
  expect(world.writes(mark).slice(-3)).toEqual(['ecr:PutImage', 'ssm:PutParameter', 'ssm:PutParameter'])
  const ecr = new ECRClient({ endpoint: world.cloud.endpoint, region, credentials: world.cloud.adminKey(registryAccount) })
  const { imageDetails } = await ecr.send(
    new DescribeImagesCommand({ repositoryName: 'shop/app', imageIds: [{ imageDigest: world.digests['v2'] }] }),
  )
  expect(imageDetails?.[0]?.imageTags).toContainEqual(expect.stringMatching(/^keep-dev-rel-[0-9a-f]{16}$/))
  expect(imageDetails?.[0]?.imageTags).toContain('v2')
  await ecr.send(new BatchGetImageCommand({ repositoryName: 'shop/app', imageIds: [{ imageTag: 'v2' }] }))
})
