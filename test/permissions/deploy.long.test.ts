import { beforeAll, expect, test } from 'vitest'
import { synthesise } from '../../infra/templates.case.ts'
import { idOf } from '../deploy-service.plan.ts'
import { configuration, derivedPlan, openDeployWorld, startAsJob } from './deploy-world.ts'
import { gapOf } from './proof.ts'
import { type SynthesisedRepository, type SynthesisedRole, synthesisedRepositories, synthesisedRoles } from './synthesised.ts'

let role: SynthesisedRole
let repository: SynthesisedRepository
beforeAll(() => {
  const stacks = synthesise(configuration)
  const found = synthesisedRoles(configuration, stacks).find(({ name }) => name === 'shop-dev-deploy')
  const [made] = synthesisedRepositories(stacks)
  if (found === undefined || made === undefined) throw new Error('no such role or repository')
  role = found
  repository = made
})

/** Granted, and not in any call of these deliveries. */
const REASONS = {
  'cloudwatch:DescribeAlarms': 'ECS asks it of whoever gives a service the alarms that fail a deployment',
}

test('the deploy role may do what deliveries to ECS do, good and bad ones, and nothing else', async ({ onTestFinished }) => {
  const world = await openDeployWorld(onTestFinished, role, repository)
  const ends: unknown[] = []
  const run = async (...given: Parameters<typeof derivedPlan>) => {
    const { outputs } = await startAsJob(world, derivedPlan(...given), ends.length + 1).done
    ends.push(outputs['outcome'])
  }
  await run('v1', { preDeploy: ['migrate'] })
  await run('v1')
  await run('bad')
  await run('v2')
  await run('v1', { kind: 'rollback', rejects: idOf(world, 'v2'), reason: 'prices are wrong', commit: 'v1'.padEnd(40, '0') })
  await run('v1', { kind: 'resume', services: [] })
  const migration = startAsJob(world, derivedPlan('v3', { preDeploy: ['hang'] }), 7)
  await migration.printed(/task \w+ was started/)
  migration.process.kill('SIGTERM')
  ends.push((await migration.done).outputs['outcome'])
  expect(ends).toEqual([...['succeeded', 'no-change', 'failed-rolled-back', 'succeeded', 'succeeded', 'succeeded'], 'cancelled'])

  const calls = world.cloud.recorder.calls({ principal: 'shop-dev-deploy' })
  expect(calls.filter(({ outcome }) => /AccessDenied/.test(outcome)).map(({ operation }) => operation)).toEqual([])
  expect(await gapOf(role, calls, REASONS)).toEqual({ denied: [], unused: [] })

  // Neither side can change alone.
  const [policy] = role.policies
  const without = JSON.parse(JSON.stringify(policy).replace('"ecs:StopTask"', '"ecs:StartTask"'))
  expect(await gapOf({ ...role, policies: [without] }, calls, REASONS)).toEqual({
    denied: [expect.stringMatching(/^ecs:StopTask on .*task\/shop-dev\//)],
    unused: ['ecs:StartTask'],
  })
})
