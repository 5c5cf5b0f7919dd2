import fc from 'fast-check'
import { expect, test } from 'vitest'
import { digestOf, startEcs } from './engine.case.ts'

const check = { healthCheck: { command: ['CMD-SHELL', 'true'], interval: 5, retries: 2, timeout: 2 } }
const versions = {
  good: {},
  slow: { startsAfter: 8_000, ignoresSigterm: true },
  crashes: { exitsWith: 1 },
  sick: { neverHealthy: true },
  gone: { failsToPull: 'no' },
}

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('update' as const), version: fc.constantFrom(...Object.keys(versions)) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('scale' as const), desiredCount: fc.integer({ min: 0, max: 5 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('stop deployment' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stop task' as const) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), milliseconds: fc.integer({ min: 0, max: 12_000 }) }) },
)

test('whatever was done to a service, the next good deployment succeeds and all before it have ended', async () => {
  const property = fc.asyncProperty(
    fc.array(step, { maxLength: 12 }),
    fc.record({
      minimumHealthyPercent: fc.constantFrom(0, 50, 100),
      maximumPercent: fc.constantFrom(150, 200),
      enable: fc.boolean(),
      rollback: fc.boolean(),
    }),
    async (steps, { enable, rollback, ...percent }) => {
      const ecs = startEcs(versions, { factor: 400 })
      try {
        await ecs.create(
          'good',
          { deploymentConfiguration: { ...percent, deploymentCircuitBreaker: { enable, rollback } } },
          check,
        )
        for (const each of steps) {
          if (each.do === 'update')
            await ecs
              .update(each.version, check)
              .catch((error: Error) => expect(error.message).toMatch(/active deployments exist/))
          if (each.do === 'scale') await ecs.ask('UpdateService', { service: 'api', desiredCount: each.desiredCount })
          if (each.do === 'stop deployment') {
            const serviceDeploymentArn = (await ecs.service()).currentServiceDeployment ?? ''
            await ecs
              .ask('StopServiceDeployment', { serviceDeploymentArn })
              .catch((error: Error) => expect(error.name).toBe('ConflictException'))
          }
          if (each.do === 'stop task') {
            const [task] = await ecs.tasks('RUNNING')
            if (task) await ecs.ask('StopTask', { task: task.taskArn })
          }
          if (each.do === 'wait') await ecs.time.sleep(each.milliseconds)
          const { deployments = [] } = await ecs.service()
          expect(deployments.filter(({ status }) => status === 'PRIMARY')).toHaveLength(1)
          expect(new Set(deployments.map(({ id }) => id)).size).toBe(deployments.length)
        }
        await ecs.ask('UpdateService', { service: 'api', desiredCount: 2 })
        await ecs.until(ecs.service, ({ deployments = [] }) => deployments.length < 5)
        const arn = (await ecs.update('good', check)).service?.currentServiceDeployment ?? ''
        expect(await ecs.ended(arn)).toMatchObject({ status: 'SUCCESSFUL' })
        const running = await ecs.tasks('RUNNING')
        expect(running.map(({ containers }) => containers?.[0]?.imageDigest)).toEqual([digestOf('good'), digestOf('good')])
        const { serviceDeployments = [] } = await ecs.ask('ListServiceDeployments', { service: 'api', maxResults: 100 })
        expect(serviceDeployments.filter(({ finishedAt }) => finishedAt === undefined)).toEqual([])
      } finally {
        await ecs.stopAll()
      }
    },
  )
  await fc.assert(property, { numRuns: 30, interruptAfterTimeLimit: 12_000 })
}, 30_000)
