import { expect, it } from 'vitest'
import { jobOfPlan } from './job.ts'
import { requireTime } from './place.ts'
import { askedOnce, type Found } from './registry.ts'

const digest = `sha256:${'1'.repeat(64)}`
const repository = '111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/app'
const service = {
  target: 'lambda',
  name: 'events',
  image: 'app',
  dependsOn: [],
  functions: [
    { name: 'shop-prod-events', smoke: 'version' },
    { name: 'shop-prod-worker', smoke: { ping: true } },
  ],
  alias: 'live',
  traffic: [{ percent: 10, for: 300_000 }],
  alarms: ['errors'],
}
const planOf = (kind: string) => ({
  version: 1,
  project: 'shop',
  environment: 'prod',
  account: '444444444444',
  region: 'eu-west-1',
  role: 'arn:aws:iam::444444444444:role/shop-prod-deploy',
  branch: 'main',
  kind,
  release: { commit: 'c', images: { app: { repository, tag: 'src-1', digest } } },
  services: [service],
})
const targetOf = async (kind: string) => {
  const job = await jobOfPlan({ plan: planOf(kind), digests: {}, credentials: 'oidc', onFailure: 'keep' } as never)
  return job.services[0]?.target
}

it('takes 0 tasks for what is wanted only where infrastructure makes the service, and where the plan says 0', async () => {
  const ecs = { target: 'ecs', name: 'job', image: 'app', dependsOn: [], cluster: 'c', service: 'job', container: 'job' }
  const jobOf = async (more: object) => {
    const plan = { ...planOf('promotion'), services: [{ ...ecs, ...more }] }
    return (await jobOfPlan({ plan, digests: {}, credentials: 'oidc', onFailure: 'keep' } as never)).services[0]
  }
  expect(await jobOf({ count: 0, stack: 'shop-prod-service-job' })).toMatchObject({ allowZero: true, commandsAlone: true })
  for (const other of [{ count: 0 }, { count: 1, stack: 'shop-prod-service-job' }])
    expect(await jobOf(other)).toMatchObject({ allowZero: false, commandsAlone: false })
})

it('takes the functions of a plan, their smoke tests with the content tag, and the steps of the traffic', async () => {
  expect(await targetOf('promotion')).toEqual({
    kind: 'lambda',
    functions: [
      { name: 'shop-prod-events', smoke: { version: 'src-1' } },
      { name: 'shop-prod-worker', smoke: { event: { ping: true } } },
    ],
    alias: 'live',
    traffic: service.traffic,
    alarms: service.alarms,
  })
})

it('brings back what stood here before without steps', async () => {
  expect(await targetOf('rollback')).not.toHaveProperty('traffic')
})

it('refuses steps that cannot be over in time', () => {
  const place = {
    kind: 'lambda' as const,
    functions: [{ name: 'events' }],
    alias: 'live',
    traffic: [{ percent: 10, for: 300_000 }],
  }
  expect(() => requireTime(place, 300_001)).not.toThrow()
  expect(() => requireTime(place, 300_000)).toThrow(
    "of 'events' last 300 s, and a deployment may take 300 s; nothing was changed",
  )
})

it('asks a registry once for an image by its digest, and again for a tag, which may move', async () => {
  const asked: string[][] = []
  const find = async (images: readonly string[]) => {
    asked.push([...images])
    return new Map<string, Found>(images.map((image) => [image, { digest }]))
  }
  const registry = askedOnce({ find, platforms: async () => undefined, tag: async () => undefined })
  const [pinned, tagged] = [`${repository}@${digest}`, `${repository}:src-1`]
  const answers = await Promise.all([registry.find([pinned]), registry.find([pinned]), registry.find([tagged])])
  expect(answers.map((answer) => [...answer.keys()])).toEqual([[pinned], [pinned], [tagged]])
  await registry.find([tagged, pinned])
  expect(asked).toEqual([[pinned], [tagged], [tagged]])
})
