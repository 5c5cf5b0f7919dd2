// Needs no Docker; the name keeps fifty processes at once out of the tests that run in a minute.
import { GetParameterCommand } from '@aws-sdk/client-ssm'
import { test } from 'vitest'
import { parameter, planOf, runPlan, runUrl } from './deploy-service.plan.ts'
import { throttled } from './deploy-service.throttle.ts'
import { openWorld } from './world.ts'

const ALONE = 40
const RACING = 10

test('fifty deployments at once within the limits of AWS all end right', async ({ expect, onTestFinished }) => {
  const tags = [...Array(RACING).keys()].map((index) => `v${index + 2}`)
  const images = Object.fromEntries(['v1', ...tags].map((tag) => [tag, {}]))
  const world = await openWorld(onTestFinished, { factor: 10, images })
  const names = [...Array(ALONE).keys()].map((index) => `alone-${index + 1}`)
  await Promise.all([...names, 'api'].map((name) => world.createService(name, 'v1')))
  const limited = await throttled(world.cloud.endpoint)
  onTestFinished(limited.close)
  const calm = { 'poll-interval': '2.75s' }
  const env = { AWS_ENDPOINT_URL: limited.url }

  const alone = names.map((name, index) =>
    runPlan(world, planOf('v2', { environment: name, services: [{ name }] }), 1_000 + index, calm, env),
  )
  const racing = tags.map((tag, index) => runPlan(world, planOf(tag), 2_000 + index, calm, env))
  const [ofAlone, ofRacing] = await Promise.all([Promise.all(alone), Promise.all(racing)])

  for (const [index, step] of ofAlone.entries()) {
    expect(step.outputs, step.log).toMatchObject({ outcome: 'succeeded', 'running-digest': world.digests['v2'] })
    const recorded = await world.ssm.send(new GetParameterCommand({ Name: `/shop/${names[index]}/release` }))
    expect(JSON.parse(recorded.Parameter?.Value ?? '{}')).toMatchObject({ run: runUrl(1_000 + index) })
    const lock = await world.ssm.send(new GetParameterCommand({ Name: `/shop/${names[index]}/lock` }))
    expect(JSON.parse(lock.Parameter?.Value ?? '{}')).toMatchObject({ state: 'released' })
  }
  for (const step of ofRacing) expect(['succeeded', 'skipped'], step.log).toContain(step.outputs['outcome'])
  const newest = tags.at(-1) ?? ''
  expect(ofRacing.at(-1)?.outputs).toMatchObject({ outcome: 'succeeded', 'running-digest': world.digests[newest] })
  expect(JSON.parse((await parameter(world, 'release')) ?? '{}')).toMatchObject({ run: runUrl(2_000 + RACING - 1) })
  expect(limited.turnedAway.get('PutParameter')).toBeGreaterThan(0)
}, 900_000)

test('fifty services deployed at once by hand, where AWS registers one revision a second, all end right', async ({
  expect,
  onTestFinished,
}) => {
  const world = await openWorld(onTestFinished, { factor: 10, images: { v1: {}, v2: {} } })
  const names = [...Array(50).keys()].map((index) => `service-${index + 1}`)
  await Promise.all(names.map((name) => world.createService(name, 'v1')))
  const limited = await throttled(world.cloud.endpoint)
  onTestFinished(limited.close)
  const env = { AWS_ENDPOINT_URL: limited.url }
  const inputs = (name: string) => world.inputs(name, 'v2', { 'poll-interval': '2.75s' })
  const steps = await Promise.all(names.map((name) => world.deploy(inputs(name), { env })))
  for (const step of steps) {
    expect(step.outputs, step.log).toMatchObject({ outcome: 'succeeded', 'running-digest': world.digests['v2'] })
  }
  expect(world.cloud.recorder.calls({ call: 'ecs:RegisterTaskDefinition' })).toHaveLength(100)
  expect(limited.turnedAway.get('RegisterTaskDefinition')).toBeGreaterThan(0)
}, 900_000)
