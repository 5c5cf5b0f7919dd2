import { afterAll, beforeAll, expect, test } from 'vitest'
import { startWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ images: { v1: {} } })
})
afterAll(() => world.close())

const digest = `sha256:${'a'.repeat(64)}`
const image = `111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/app@${digest}`
const good = { cluster: 'shop', service: 'api', image, 'aws-account-id': '222222222222', 'aws-region': 'eu-west-1' }
const service = {
  target: 'ecs',
  name: 'api',
  image: 'app',
  dependsOn: [],
  cluster: 'shop',
  service: 'api',
  container: 'app',
  count: 1,
}
const plan = {
  version: 1,
  project: 'shop',
  environment: 'dev',
  account: '222222222222',
  region: 'eu-west-1',
  role: 'arn:aws:iam::222222222222:role/x',
  branch: 'dev',
  kind: 'first',
  release: { commit: 'c', images: { app: { repository: image.split('@')[0], tag: 'src-1' } } },
  services: [service],
}
const planned = (change: object, more: Record<string, string> = {}): Record<string, string> => ({
  plan: JSON.stringify({ ...plan, ...change }),
  credentials: 'ambient',
  ...more,
})
const without = (name: string): Record<string, string> => Object.fromEntries(Object.entries(good).filter(([key]) => key !== name))

const cases: [what: string, inputs: Record<string, string>, says: string][] = [
  ['nothing at all', {}, "input 'image' is required and was not given"],
  ['no image', without('image'), "input 'image' is required"],
  ['no cluster', without('cluster'), "input 'cluster' is required"],
  ['no service', without('service'), "input 'service' is required"],
  ['no account', without('aws-account-id'), "input 'aws-account-id' is required"],
  ['no region', without('aws-region'), "input 'aws-region' is required"],
  [
    'an image without digest or tag',
    { ...good, image: image.split('@')[0] ?? '' },
    "input 'image' must be an image in ECR with its digest or tag",
  ],
  [
    'an image of another registry',
    { ...good, image: `docker.io/library/nginx@${digest}` },
    "input 'image' must be an image in ECR",
  ],
  ['a digest that is cut', { ...good, image: image.slice(0, -1) }, "input 'image' must be an image in ECR"],
  [
    'a digest in upper case',
    { ...good, image: image.replaceAll('a'.repeat(64), 'A'.repeat(64)) },
    "input 'image' must be an image in ECR",
  ],
  ['an image with a newline', { ...good, image: `${image}\nrm -rf /` }, "input 'image' must be an image in ECR"],
  ['image and images', { ...good, images: `app=${image}` }, "inputs 'image' and 'images' exclude each other"],
  ['images without a container', { ...without('image'), images: image }, "input 'images' must be lines like container=image"],
  [
    'images that name a container twice',
    { ...without('image'), images: `app=${image}\napp=${image}` },
    "input 'images' gives 'app' twice",
  ],
  [
    'images with one that is none',
    { ...without('image'), images: 'app=nginx' },
    "input 'images' for 'app' must be an image in ECR",
  ],
  [
    'images and container',
    { ...without('image'), images: `app=${image}`, container: 'app' },
    "input 'container' goes with 'image'",
  ],
  [
    'an account that is too short',
    { ...good, 'aws-account-id': '2222' },
    "input 'aws-account-id' must be an AWS account id of 12 digits, got '2222'",
  ],
  ['an account with letters', { ...good, 'aws-account-id': '22222222222O' }, "got '22222222222O'"],
  [
    'a region that is none',
    { ...good, 'aws-region': 'ireland' },
    "input 'aws-region' must be an AWS region, for example eu-west-1, got 'ireland'",
  ],
  ['an availability zone', { ...good, 'aws-region': 'eu-west-1a' }, "got 'eu-west-1a'"],
  ['a role that is a name', { ...good, 'role-to-assume': 'deploy' }, "input 'role-to-assume' must be the ARN of an IAM role"],
  [
    'a role that is a user',
    { ...good, 'role-to-assume': 'arn:aws:iam::222222222222:user/x' },
    "input 'role-to-assume' must be the ARN",
  ],
  [
    'a role of another account',
    { ...good, 'role-to-assume': 'arn:aws:iam::333333333333:role/x' },
    "inputs 'role-to-assume' and 'aws-account-id' disagree",
  ],
  ['a target that does not exist', { ...good, target: 'eks' }, "input 'target' must be one of ecs, lambda, ec2, got 'eks'"],
  ['a cluster ARN', { ...good, cluster: 'arn:aws:ecs:eu-west-1:2:cluster/x' }, "input 'cluster' must be a name"],
  ['a service with spaces', { ...good, service: 'my api' }, "input 'service' must be a name"],
  ['a service that is too long', { ...good, service: 'a'.repeat(256) }, "input 'service' must be a name"],
  ['a timeout without unit', { ...good, timeout: '30' }, "input 'timeout' must be a duration from 1s to 6h with its unit"],
  ['a timeout of nothing', { ...good, timeout: '0s' }, "got '0s'"],
  ['a timeout that is too long', { ...good, timeout: '7h' }, "got '7h'"],
  ['a negative timeout', { ...good, timeout: '-5m' }, "got '-5m'"],
  [
    'a poll-interval that is too short',
    { ...good, 'poll-interval': '1ms' },
    "input 'poll-interval' must be a duration from 500ms to 1m",
  ],
  ['a request-timeout in words', { ...good, 'request-timeout': 'soon' }, "input 'request-timeout' must be a duration"],
  ['a smoke-timeout that is too long', { ...good, 'smoke-timeout': '2h' }, "input 'smoke-timeout' must be a duration"],
  ['fail-fast of zero', { ...good, 'fail-fast': '0' }, "input 'fail-fast' must be a whole number from 1 to 100"],
  ['fail-fast in words', { ...good, 'fail-fast': 'never' }, "input 'fail-fast' must be off, or a whole number"],
  ['fail-fast as a fraction', { ...good, 'fail-fast': '1.5' }, "input 'fail-fast' must be off, or a whole number"],
  [
    'an in-progress policy that does not exist',
    { ...good, 'in-progress': 'wait' },
    "input 'in-progress' must be one of supersede, fail",
  ],
  ['dry-run as yes', { ...good, 'dry-run': 'yes' }, "input 'dry-run' must be true or false, got 'yes'"],
  ['allow-zero as 1', { ...good, 'allow-zero': '1' }, "input 'allow-zero' must be true or false"],
  ['an initial-count of zero', { ...good, 'initial-count': '0' }, "input 'initial-count' must be a whole number from 1 to 5000"],
  ['a pre-deploy command as a line', { ...good, 'pre-deploy': 'node migrate.js' }, "input 'pre-deploy' is not valid JSON"],
  ['an empty pre-deploy command', { ...good, 'pre-deploy': '[]' }, "input 'pre-deploy' must be a JSON array of words"],
  [
    'a pre-deploy command with a number',
    { ...good, 'pre-deploy': '["sleep", 5]' },
    "input 'pre-deploy' must be a JSON array of words",
  ],
  [
    'a pre-deploy command that is a string',
    { ...good, 'pre-deploy': '"node"' },
    "input 'pre-deploy' must be a JSON array of words",
  ],
  ['a smoke-url that is a host', { ...good, 'smoke-url': 'example.org' }, "input 'smoke-url' must be an http or https address"],
  ['a smoke-version alone', { ...good, 'smoke-version': 'v' }, "input 'smoke-version' needs 'smoke-url'"],
  ['digests without a plan', { ...good, digests: '{}' }, "input 'digests' goes with 'plan'"],
  ['credentials without a plan', { ...good, credentials: 'oidc' }, "input 'credentials' goes with 'plan'"],
  ['on-failure without a plan', { ...good, 'on-failure': 'keep' }, "input 'on-failure' goes with 'plan'"],
  ['a lease-timeout without a plan', { ...good, 'lease-timeout': '1m' }, "input 'lease-timeout' goes with 'plan'"],
  [
    'a lease-duration of a day',
    planned({}, { 'lease-duration': '24h' }),
    "input 'lease-duration' must be a duration from 2s to 1h",
  ],
  ['a plan that is no JSON', { plan: '{' }, "input 'plan' is not valid JSON"],
  ['a plan that is a list', { plan: '[]' }, "input 'plan' is not a plan of plan-delivery"],
  ['a plan of a later version', planned({ version: 2 }), "input 'plan' is not a plan of plan-delivery: version"],
  ['a plan with a field too much', planned({ extra: 1 }), "input 'plan' is not a plan of plan-delivery"],
  ['a plan without services', planned({ services: undefined }), "input 'plan' is not a plan of plan-delivery: services"],
  ['a plan with service inputs', planned({}, { service: 'api' }), "input 'service' is part of the plan"],
  ['a plan with an account', planned({}, { 'aws-account-id': '222222222222' }), "input 'aws-account-id' is part of the plan"],
  [
    'digests that are a list',
    planned({}, { digests: '["a"]' }),
    "input 'digests' must be a JSON object of image names and digests",
  ],
  ['digests that are tags', planned({}, { digests: '{"app":"latest"}' }), "input 'digests' must be a JSON object"],
  [
    'digests of an unknown image',
    planned({}, { digests: `{"web":"${digest}"}` }),
    "input 'digests' names images that are not in the plan: web; the plan has app",
  ],
  [
    'a digest other than the planned one',
    planned(
      { release: { commit: 'c', images: { app: { repository: 'r', tag: 't', digest: `sha256:${'b'.repeat(64)}` } } } },
      { digests: `{"app":"${digest}"}` },
    ),
    'but the plan was made for sha256:bbbb',
  ],
  ['credentials of an unknown kind', planned({}, { credentials: 'keys' }), "input 'credentials' must be one of oidc, ambient"],
]

test.concurrent.each(cases)('%s: one clear line, nothing asked of AWS', async (_, inputs, says) => {
  const step = await world.deploy(inputs)
  expect(step.exitCode).toBe(1)
  const errors = step.lines.filter(({ text }) => text.startsWith('::error'))
  expect(errors).toHaveLength(1)
  expect(errors[0]?.text).toContain(says.replaceAll('%', '%25'))
  expect(errors[0]?.text).not.toMatch(/ at .*\.js:\d+|%0A/)
  expect(step.outputs['outcome']).toBe('refused')
  expect(world.cloud.recorder.calls({ call: 'ecs' })).toEqual([])
})

test('a service, a cluster, a container or an image that does not exist is refused before the first write', async () => {
  const own = await startWorld({ images: { v1: {} } })
  await own.createService('api', 'v1')
  const mark = own.cloud.recorder.mark()
  const refused = async (change: Record<string, string>): Promise<string> =>
    (await own.deploy(own.inputs('api', 'v1', change))).outputs['reason'] ?? ''
  expect(await refused({ service: 'nope' })).toContain("there is no service 'nope' in cluster 'shop'")
  expect(await refused({ cluster: 'nope' })).toContain("there is no cluster 'nope'")
  expect(await refused({ container: 'web' })).toContain("has no container 'web', its containers are app")
  expect(await refused({ image })).toContain('is not in its registry; nothing was changed')
  expect(own.writes(mark)).toEqual([])
  await own.close()
})

test('a service that stands at 0 is refused unless that is accepted', async () => {
  const own = await startWorld({ images: { v1: {} } })
  await own.createService('api', 'v1', { desiredCount: 0 })
  const step = await own.deploy(own.inputs('api', 'v1'))
  expect(step.outputs['reason']).toContain('asks for 0 tasks, so nothing could be proven; nothing was changed')
  const accepted = await own.deploy(own.inputs('api', 'v1', { 'allow-zero': 'true' }))
  expect(accepted.outputs).toMatchObject({ outcome: 'succeeded', 'running-digest': '' })
  await own.close()
})
