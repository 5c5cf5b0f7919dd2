import { test } from 'vitest'
import { takeLease } from '../lib/aws/lease.ts'
import { ssmLock } from '../lib/aws/lock.ts'
import type { Lease } from '../lib/aws/renewal.ts'
import type { ClientConfig, Session } from '../lib/aws/session.ts'
import { systemClock } from '../lib/runner/clock.ts'
import type { Log } from '../lib/runner/log.ts'
import { planOf, runPlan, runUrl, startPlan, tenures } from './deploy-service.plan.ts'
import { account, openWorld, region, type World } from './world.ts'

const quiet: Log = { info: () => {}, notice: () => {}, warning: () => {}, error: () => {}, group: (_, work) => work() }

/** What a job that deploys infrastructure does: it takes the lease of the environment in the name of its run. */
const leaseForInfrastructure = async ({ cloud }: World, run: number, patience = 20_000): Promise<Lease> => {
  const config = {
    endpoint: cloud.endpoint,
    region,
    credentials: async () => ({ ...cloud.adminKey(account), expiration: new Date(2e12) }),
  }
  const client = <C>(Client: new (given: ClientConfig) => C): C => new Client({ ...config } as unknown as ClientConfig)
  const facts = { account, region, requestTimeout: 15_000, guard: async () => undefined }
  const session: Session = { ...facts, client, clientWithoutRetry: client }
  const lease = await takeLease({
    lock: ssmLock(session, '/shop/dev/lock'),
    name: 'shop in dev',
    owner: String(run),
    purpose: 'infrastructure',
    run: runUrl(run),
    lasts: 60_000,
    requestTimeout: 15_000,
    patience,
    pollInterval: 200,
    clock: systemClock,
    log: quiet,
    signal: new AbortController().signal,
  })
  return lease as Lease
}

test.concurrent('two deployments and a run of infrastructure: one after the other, none inside another', async ({
  expect,
  onTestFinished,
}) => {
  const world = await openWorld(onTestFinished, { images: { v1: {}, v2: {}, v3: {} } })
  await world.createService('api', 'v1')
  const infrastructure = await leaseForInfrastructure(world, 101)
  const mark = world.cloud.recorder.mark()
  const deployments = [startPlan(world, planOf('v2'), 102), startPlan(world, planOf('v3'), 103)]
  const waiting = `waiting: the lease of shop in dev is held by ${runUrl(101)} (infrastructure)`
  await Promise.all(deployments.map((step) => step.printed(waiting)))
  infrastructure.assertHeld()
  expect(world.writes(mark)).toEqual([])
  await infrastructure.release()
  const again = leaseForInfrastructure(world, 104).then((lease) => lease.release())
  const [older, newer] = await Promise.all(deployments.map(({ done }) => done))
  await again
  expect(newer?.outputs).toMatchObject({ outcome: 'succeeded', 'running-digest': world.digests['v3'] })
  expect(['succeeded', 'skipped']).toContain(older?.outputs['outcome'])
  const held = await tenures(world)
  expect(held.map(({ owner }) => owner).toSorted()).toEqual(['101', '102', '103', '104'])
  for (const [index, { to }] of held.entries()) expect(to).toBeLessThanOrEqual(held[index + 1]?.from ?? Number.POSITIVE_INFINITY)
})

test.concurrent('the deployment job of the run that has deployed infrastructure inherits its lease', async ({
  expect,
  onTestFinished,
}) => {
  const world = await openWorld(onTestFinished, { images: { v1: {}, v2: {} } })
  await world.createService('api', 'v1')
  await leaseForInfrastructure(world, 101)
  const step = await runPlan(world, planOf('v2'), 101)
  expect(step.outputs['outcome']).toBe('succeeded')
  expect(step.log).not.toContain('waiting')
  expect(await tenures(world)).toMatchObject([{ owner: '101', to: expect.any(Number) }])
  expect((await tenures(world))[0]?.to).toBeLessThan(Number.POSITIVE_INFINITY)
})
