import { afterEach, expect, test } from 'vitest'
import { account, digestOf, type Ecs, region, startEcs } from './engine.case.ts'
import { placementFailures } from './placement.ts'

let ecs: Ecs
afterEach(() => ecs.stopAll())

const lack = (failure: keyof typeof placementFailures | undefined) =>
  ecs.setPlacement(account, region, 'default', failure && placementFailures[failure])
const breaker = { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } }
const quick = { pace: { placement: 20_000 } }

test.each([
  ['noContainerInstance', /was unable to place a task because no container instance met all of its requirements\. Reason: /],
  ['noFargateCapacity', /was unable to place a task\. Reason: Capacity is unavailable at this time\. /],
] as const)('%s: the service says why no task starts, and the circuit breaker trips in the end', async (failure, event) => {
  ecs = startEcs({ v1: {}, v2: {} }, quick)
  await ecs.create('v1', breaker)
  await ecs.ended()
  lack(failure)
  await ecs.update('v2')
  const [newest] = await ecs.until(
    async () => (await ecs.messages()).toReversed(),
    ([first = '']) => first.includes('unable to place'),
  )
  expect(newest).toMatch(event)
  expect(await ecs.ended()).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL', deploymentCircuitBreaker: { failureCount: 3 } })
  expect(await ecs.tasks('STOPPED')).toEqual([])
  expect((await ecs.tasks('RUNNING')).map((task) => task.containers?.[0]?.imageDigest)).toEqual([digestOf('v1'), digestOf('v1')])
})

test('silence: no event and no task for a long time, until the circuit breaker trips', async () => {
  ecs = startEcs({ v1: {}, v2: {} }, { pace: { placement: 60_000 } })
  await ecs.create('v1', breaker)
  await ecs.ended()
  lack('silence')
  await ecs.update('v2')
  const before = await ecs.messages()
  await ecs.time.sleep(50_000)
  expect(await ecs.messages()).toEqual(before)
  expect((await ecs.service()).deployments?.[0]).toMatchObject({ rolloutState: 'IN_PROGRESS', failedTasks: 0, pendingCount: 0 })
  expect(await ecs.ended()).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL' })
})

test('when there is capacity again the deployment goes on', async () => {
  ecs = startEcs({ v1: {}, v2: {} }, quick)
  await ecs.create('v1', breaker)
  await ecs.ended()
  lack('noFargateCapacity')
  await ecs.update('v2')
  await ecs.until(ecs.service, ({ deployments = [] }) => deployments[0]?.failedTasks === 1)
  lack(undefined)
  expect(await ecs.ended()).toMatchObject({ status: 'SUCCESSFUL' })
})

test('RunTask answers with a failure instead of a task', async () => {
  ecs = startEcs({ v1: {} })
  await ecs.create('v1')
  lack('noFargateCapacity')
  expect(await ecs.ask('RunTask', { taskDefinition: 'app', networkConfiguration: ecs.network, clientToken: 'one' })).toEqual({
    tasks: [],
    failures: [{ reason: 'Capacity is unavailable at this time. Please try again later or in a different availability zone' }],
  })
  lack(undefined)
  const again = await ecs.ask('RunTask', { taskDefinition: 'app', networkConfiguration: ecs.network, clientToken: 'one' })
  expect(again.tasks).toHaveLength(1)
})
