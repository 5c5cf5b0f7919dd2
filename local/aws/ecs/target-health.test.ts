import { afterEach, expect, test } from 'vitest'
import { startCloud } from '../../cloud.ts'
import type { Operation } from '../service.ts'
import { account, call, digestOf, type Ecs, region, startEcs } from './engine.case.ts'

let ecs: Ecs
afterEach(() => ecs.stopAll())

const targetGroupArn = `arn:aws:elasticloadbalancing:${region}:${account}:targetgroup/api/0123456789abcdef`
const balanced = {
  loadBalancers: [{ targetGroupArn, containerName: 'app', containerPort: 8080 }],
  deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
}

const targets = () => {
  const { run } = ecs.targetHealth.operations['DescribeTargetHealth'] as Operation<unknown>
  const answer = run({ TargetGroupArn: targetGroupArn }, call('DescribeTargetHealth'))
  return (answer as { TargetHealthDescriptions: { TargetHealth: { State: string; Reason?: string } }[] }).TargetHealthDescriptions
}

test('a task behind a load balancer counts only when its target is healthy', async () => {
  ecs = startEcs({ v1: { targetHealthyAfter: 20_000 } })
  await ecs.create('v1', balanced)
  await ecs.until(ecs.service, ({ runningCount }) => runningCount === 2)
  expect(targets().map(({ TargetHealth }) => TargetHealth.State)).toEqual(['initial', 'initial'])
  expect((await ecs.service()).deployments).toMatchObject([{ rolloutState: 'IN_PROGRESS' }])
  expect(await ecs.ended()).toMatchObject({ status: 'SUCCESSFUL' })
  expect(targets().map(({ TargetHealth }) => TargetHealth.State)).toEqual(['healthy', 'healthy'])
})

test('a task whose target is never healthy is replaced, counted, and rolled back by the circuit breaker', async () => {
  ecs = startEcs({ v1: {}, sick: { neverTargetHealthy: true } })
  await ecs.create('v1', balanced)
  await ecs.ended()
  const id = (await ecs.update('sick')).service?.deployments?.[0]?.id
  expect(await ecs.ended()).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL', deploymentCircuitBreaker: { status: 'TRIGGERED' } })
  const failed = (await ecs.tasks('STOPPED')).filter(
    (task) => task.startedBy === id && !task.stoppedReason?.startsWith('Scaling'),
  )
  expect(failed.length).toBeGreaterThanOrEqual(3)
  expect(failed[0]).toMatchObject({
    stopCode: 'ServiceSchedulerInitiated',
    stoppedReason: `Task failed ELB health checks in (target-group ${targetGroupArn})`,
  })
  const messages = await ecs.messages()
  const unhealthy = ` (port 8080) is unhealthy in (target-group ${targetGroupArn}) due to (reason Health checks failed).`
  expect(messages.some((message) => message.startsWith('(service api) (task ') && message.endsWith(unhealthy))).toBe(true)
  expect((await ecs.tasks('RUNNING')).map((task) => task.containers?.[0]?.imageDigest)).toEqual([digestOf('v1'), digestOf('v1')])
})

test('the grace period of the service holds the first failures back', async () => {
  ecs = startEcs({ sick: { neverTargetHealthy: true } }, { factor: 50 })
  await ecs.create('sick', { ...balanced, healthCheckGracePeriodSeconds: 40 })
  await ecs.until(ecs.service, ({ runningCount }) => runningCount === 2)
  await ecs.time.sleep(20_000)
  expect(await ecs.tasks('STOPPED')).toEqual([])
  await ecs.until(
    () => ecs.tasks('STOPPED'),
    (stopped) => stopped.length > 0,
  )
})

test('a target that becomes unhealthy later is replaced; a stopping one is draining', async () => {
  let becomes: number | undefined = 10_000
  ecs = startEcs({ v1: () => ({ ...(becomes && { targetUnhealthyAfter: becomes }), ignoresSigterm: true }) }, { factor: 50 })
  await ecs.create('v1', { ...balanced, desiredCount: 1 })
  await ecs.ended()
  becomes = undefined
  await ecs.until(
    async () => targets().map(({ TargetHealth }) => TargetHealth.State),
    (states) => states.includes('draining'),
  )
  await ecs.until(ecs.messages, (all) => all.filter((message) => message.endsWith('has reached a steady state.')).length === 2)
})

test('tasks that are replaced leave their target group', async () => {
  ecs = startEcs({ v1: {}, v2: {} })
  await ecs.create('v1', balanced)
  await ecs.ended()
  await ecs.update('v2')
  await ecs.ended()
  const messages = await ecs.messages()
  expect(messages.some((message) => message.includes('has begun draining connections on'))).toBe(true)
  expect(messages.some((message) => message.endsWith(`targets in (target-group ${targetGroupArn})`))).toBe(true)
})

test('DescribeTargetHealth is answered in the query protocol of Elastic Load Balancing', async () => {
  ecs = startEcs({ v1: { targetHealthyAfter: 100 } })
  await ecs.create('v1', { ...balanced, desiredCount: 1 })
  await ecs.ended()
  const cloud = await startCloud({ scenario: { accounts: [account], roles: [] }, services: () => [ecs.targetHealth] })
  try {
    const { accessKeyId } = cloud.adminKey(account)
    const scope = `${accessKeyId}/20261121/${region}/elasticloadbalancing/aws4_request`
    const response = await fetch(cloud.endpoint, {
      method: 'POST',
      headers: { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0` },
      body: new URLSearchParams({ Action: 'DescribeTargetHealth', Version: '2015-12-01', TargetGroupArn: targetGroupArn }),
    })
    const xml = await response.text()
    expect(xml).toContain('<DescribeTargetHealthResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/">')
    expect(xml).toMatch(/<TargetHealthDescriptions><member><Target><Id>[\d.]+<\/Id><Port>8080<\/Port><\/Target>/)
    expect(xml).toContain('<TargetHealth><State>healthy</State></TargetHealth>')
  } finally {
    await cloud.close()
  }
})
