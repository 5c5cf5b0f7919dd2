import { afterAll, beforeAll, expect, test } from 'vitest'
import { hostDocument } from '../lib/host/document.ts'
import { bashHosts } from '../local/aws/ssm/bash-hosts.ts'
import { type HostServices, hostServices } from '../local/aws/ssm/host-services.ts'
import { devAccount, region, registryAccount } from '../local/cloud.case.ts'
import { useEngine } from '../local/engine/engine.case.ts'
import { type RunningStep, startAction } from '../local/github/step.ts'
import { scaledTime } from '../local/time.ts'
import type { HostVariant } from './host/programs.ts'
import { type HostWorld, startHostWorld, type WorldHost } from './host/world.ts'

// The action as a process, Systems Manager as it answers, the document's program, containers and a proxy: all of it but AWS.
useEngine()

const DOCUMENT = 'shop-dev-deploy'

let world: HostWorld
let services: HostServices
const hosts: WorldHost[] = []

beforeAll(async () => {
  const executor = bashHosts((id) => {
    const environment = hosts.find(({ instanceId }) => instanceId === id)?.environment
    return environment && { path: environment['PATH'] ?? '', environment }
  })
  const content = hostDocument(`${registryAccount}.dkr.ecr.${region}.amazonaws.com`)
  const documents = [{ account: devAccount, region, name: DOCUMENT, content }]
  const time = scaledTime(4)
  services = hostServices({ time, instances: [], documents, executor })
  world = await startHostWorld({ time, services: () => services.services })
  for (let count = 0; count < 3; count += 1) {
    const host = await world.host({ BAKE_SECONDS: '1' })
    hosts.push(host)
    services.fleet.add({ account: devAccount, region, instanceId: host.instanceId, tags: { service: 'edge' } })
    const { code, stdout } = await host.deploy('v1', 'boot', { version: 'v1' })
    expect(code, stdout).toBe(0)
  }
})
afterAll(async () => {
  await services?.stopAll()
  await world?.close()
})

let runs = 0
const deploy = (variant: HostVariant): RunningStep => {
  runs += 1
  const credentials = world.cloud.adminKey(devAccount)
  const inputs = {
    ...{ target: 'ec2', hosts: 'service=edge', document: DOCUMENT, service: 'edge', batch: '1' },
    ...{ image: world.imageOf(variant), 'smoke-version': variant, 'poll-interval': '500ms' },
    ...{ 'aws-account-id': devAccount, 'aws-region': region },
  }
  const env = {
    ...{ AWS_ENDPOINT_URL: world.cloud.endpoint, AWS_REGION: region, GITHUB_RUN_ID: String(runs), GITHUB_RUN_ATTEMPT: '1' },
    ...{ AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey },
  }
  return startAction('deploy-service', inputs, { env })
}
const answers = (): Promise<HostVariant[]> =>
  Promise.all(hosts.map((host) => host.get('/version').then((text) => JSON.parse(text).version)))

test('three hosts are switched, one first', async () => {
  const step = await deploy('v2').done
  expect(step.outputs, step.log).toMatchObject({ outcome: 'succeeded', 'running-digest': world.digests['v2'] })
  expect(await answers()).toEqual(['v2', 'v2', 'v2'])
  expect(step.summary.match(/\| deployed \|.*gate.*\|/g)).toHaveLength(3)
})

test('the second host fails: the first returns, the third is not touched', async () => {
  await hosts[1]?.set({ MIN_FREE_MB: '99999999' })
  const third = await hosts[2]?.containers()
  const step = await deploy('v3').done
  expect(step.outputs, step.log).toMatchObject({ outcome: 'failed-rolled-back', 'running-digest': world.digests['v2'] })
  expect(step.outputs['reason']).toMatch(/^i2 exit 22/)
  expect(await answers()).toEqual(['v2', 'v2', 'v2'])
  expect(await hosts[2]?.containers()).toEqual(third)
  await hosts[1]?.set({ MIN_FREE_MB: '64' })
})

test('an image that never becomes healthy gets no request, and its last lines are shown', async () => {
  await Promise.all(hosts.map((host) => host.set({ HEALTH_TIMEOUT: '5' })))
  const step = await deploy('sick').done
  expect(step.outputs, step.log).toMatchObject({ outcome: 'failed-rolled-back' })
  expect(step.outputs['reason'], step.log).toMatch(/^i1 exit 24/)
  expect(step.log).toContain('| waiting for the database, password ***')
  expect(await answers()).toEqual(['v2', 'v2', 'v2'])
})

test('a cancelled job kills the program where it stands, and takes back what was switched', async () => {
  const before = await answers()
  const running = deploy('v3')
  await running.printed('wave 2 of 3')
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  running.process.kill('SIGINT')
  const step = await running.done
  expect(step.outputs, step.log).toMatchObject({ outcome: 'cancelled', 'running-digest': world.digests[before[0] ?? ''] })
  expect(await answers()).toEqual(before)
})
