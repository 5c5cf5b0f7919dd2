import { PutParameterCommand } from '@aws-sdk/client-ssm'
import { expect, test } from 'vitest'
import { account, region } from '../cloud-world.ts'
import { green } from './runs.ts'
import { assembleStacks, attempt, bring, execute, outcomes, prepared, statusOf, twoStacks } from './stacks.case.ts'
import { type InfrastructureWorld, openInfrastructure } from './world.ts'

type End = (close: () => Promise<void>) => void

const open = async (end: End): Promise<InfrastructureWorld> => {
  const world = await openInfrastructure(end)
  await bring(world, assembleStacks(world, twoStacks()))
  return world
}

const CHANGED = twoStacks({ hosts: { Tags: [{ Key: 'a', Value: 'b' }] } })

test('stacks are made wave by wave; afterwards nothing changes, and what left the configuration is listed and left', async ({
  onTestFinished,
}) => {
  const world = await openInfrastructure(onTestFinished)
  const made = await bring(world, assembleStacks(world, twoStacks({ protect: true })))
  expect(outcomes(made)).toEqual({ network: 'created', hosts: 'created' })
  expect(made.outputs).toMatchObject({ outcome: 'succeeded', changes: 'true', lease: 'kept' })
  expect(world.stacks.stack(account, region, 'shop-dev-hosts')?.terminationProtection).toBe(true)

  const same = await green(
    attempt(world, { operation: 'prepare', assembly: assembleStacks(world, twoStacks({ protect: true })) }),
  )
  expect(same.outputs).toMatchObject({ outcome: 'no-change', changes: 'false' })

  const { templates } = twoStacks({ protect: true })
  const { 'shop-dev-hosts': _, ...rest } = templates
  const fewer = await green(
    attempt(world, { operation: 'prepare', assembly: assembleStacks(world, { templates: rest, protect: true }) }),
  )
  expect(fewer.outputs['outcome']).toBe('no-change')
  expect(fewer.summary).toContain('delete-stack --region eu-west-1 --stack-name shop-dev-hosts')
  expect(statusOf(world, 'hosts')).toBe('CREATE_COMPLETE')
})

test('a change that has failed and is reverted: nothing is left to change, and executing that puts it on record', async ({
  onTestFinished,
}) => {
  const world = await open(onTestFinished)
  const state = async () => JSON.parse((await world.parameter('infra')) ?? '').state
  world.stacks.script([{ stack: 'shop-dev-hosts', logicalId: 'Second', then: 'fail', reason: 'too many topics' }])
  expect((await execute(world, assembleStacks(world, CHANGED))).outputs['outcome']).toBe('failed-rolled-back')
  world.stacks.script([])
  expect(await state()).toBe('started')

  const assembly = assembleStacks(world, twoStacks())
  const { outputs, summary } = await green(attempt(world, { operation: 'prepare', assembly }))
  expect(outputs).toMatchObject({ outcome: 'prepared', changes: 'true' })
  expect(summary).toContain('Executing this changes no stack and records it')
  const executed = await green(attempt(world, { operation: 'execute', assembly, approved: outputs['approved'] ?? '' }))
  expect(executed.outputs).toMatchObject({ outcome: 'no-change', changes: 'false', lease: 'released' })
  expect(await state()).toBe('done')
  const again = await green(attempt(world, { operation: 'prepare', assembly }))
  expect(again.outputs).toMatchObject({ outcome: 'no-change', changes: 'false' })
})

test('the first failure is on the screen while the rest goes back, and another run brings it', async ({ onTestFinished }) => {
  const world = await open(onTestFinished)
  const assembly = assembleStacks(world, CHANGED)
  world.stacks.script([{ stack: 'shop-dev-hosts', logicalId: 'Second', then: 'fail', reason: 'too many topics' }])
  const failed = await execute(world, assembly)
  expect(failed.exitCode).toBe(1)
  expect(failed.outputs).toMatchObject({ outcome: 'failed-rolled-back', lease: 'kept' })
  const at = (text: string): number => failed.lines.findIndex((line) => line.text.includes(text))
  expect(at('::error title=shop-dev-hosts::Second (AWS::SNS::Topic): too many topics')).toBeGreaterThan(0)
  expect(at('too many topics')).toBeLessThan(at('UPDATE_ROLLBACK_COMPLETE'))
  world.stacks.script([])
  expect(outcomes(await bring(world, assembly))).toEqual({ hosts: 'updated' })
})

test('a creation that failed is deleted and made again, and the next wave is not begun meanwhile', async ({ onTestFinished }) => {
  const world = await openInfrastructure(onTestFinished)
  const assembly = assembleStacks(world, twoStacks())
  world.stacks.script([{ stack: 'shop-dev-network', logicalId: 'Out', then: 'fail', reason: 'no' }])
  const failed = await execute(world, assembly)
  expect(outcomes(failed)).toEqual({ network: 'failed-rolled-back', hosts: 'skipped' })
  expect(statusOf(world, 'network')).toBe('ROLLBACK_COMPLETE')
  world.stacks.script([])
  const shown = await green(attempt(world, { operation: 'prepare', assembly }))
  expect(shown.summary).toContain('is created again')
  const approved = shown.outputs['approved'] ?? ''
  expect(outcomes(await green(attempt(world, { operation: 'execute', assembly, approved })))).toEqual({
    network: 'created',
    hosts: 'created',
  })
})

test('a rollback that fails says what frees the stack, and nothing is prepared before that', async ({ onTestFinished }) => {
  const world = await open(onTestFinished)
  const assembly = assembleStacks(world, CHANGED)
  world.stacks.script([
    { stack: 'shop-dev-hosts', logicalId: 'Second', then: 'fail', reason: 'no' },
    { stack: 'shop-dev-hosts', logicalId: 'First', then: 'fail-on-rollback', reason: 'never' },
  ])
  const failed = await execute(world, assembly)
  expect(failed.outputs['outcome']).toBe('failed-not-rolled-back')
  expect(failed.outputs['reason']).toContain('aws cloudformation continue-update-rollback --stack-name shop-dev-hosts')
  const refused = await attempt(world, { operation: 'prepare', assembly }).done
  expect(refused.outputs).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('continue-update-rollback') })
})

test('what is not what was approved is refused: another template, another value, and nothing under a hold', async ({
  onTestFinished,
}) => {
  const world = await open(onTestFinished)
  const assembly = assembleStacks(world, CHANGED)
  const approved = await prepared(world, assembly)
  const put = (Name: string, Value: string) =>
    world.ssm.send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite: true }))
  const run = (more: Record<string, string> = {}) => attempt(world, { operation: 'execute', assembly, approved, ...more }).done

  const other = await run({ assembly: assembleStacks(world, twoStacks({ hosts: { Tags: [] } })) })
  expect(other.outputs).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('from the same commit') })

  await put('/shop/dev/outputs/network/vpc', 'vpc-other')
  const moved = await run()
  expect(moved.outputs).toMatchObject({
    outcome: 'refused',
    lease: 'released',
    reason: expect.stringMatching(/OfVpc was vpc-\w+ when it was approved and is vpc-other now/),
  })

  await put('/shop/dev/hold', JSON.stringify({ state: 'held', reason: 'bad', by: 'mona', at: '2026-11-21', run: 'r' }))
  expect((await run()).outputs).toMatchObject({
    outcome: 'refused',
    reason: expect.stringMatching(/dev is held by mona since 2026-11-21: bad; .*operation=resume/),
  })
  expect(statusOf(world, 'hosts')).toBe('CREATE_COMPLETE')
})

test('a cancelled job takes its update back; one that runs too long too', async ({ onTestFinished }) => {
  const world = await open(onTestFinished)
  const assembly = assembleStacks(world, CHANGED)
  const hanging = [{ stack: 'shop-dev-hosts', logicalId: 'Second', then: 'hang' as const }]
  world.stacks.script(hanging)
  const approved = await prepared(world, assembly)
  const running = attempt(world, { operation: 'execute', assembly, approved })
  await running.printed('First UPDATE_COMPLETE')
  running.process.kill('SIGINT')
  const cancelled = await running.done
  expect(cancelled.outputs).toMatchObject({ outcome: 'cancelled', lease: 'released' })
  expect(statusOf(world, 'hosts')).toBe('UPDATE_ROLLBACK_COMPLETE')

  const late = await attempt(world, { operation: 'execute', assembly, approved: await prepared(world, assembly), timeout: '2s' })
    .done
  expect(late.outputs['outcome']).toBe('timed-out')
  expect(statusOf(world, 'hosts')).toBe('UPDATE_ROLLBACK_COMPLETE')
})

test('killed in the middle, the post step takes the update back; run again instead, it is followed to its end', async ({
  onTestFinished,
}) => {
  const world = await open(onTestFinished)
  const assembly = assembleStacks(world, CHANGED)
  world.stacks.script([{ stack: 'shop-dev-hosts', logicalId: 'Second', then: 'hang' }])
  const approved = await prepared(world, assembly)
  const killed = async () => {
    const running = attempt(world, { operation: 'execute', assembly, approved })
    await running.printed('First UPDATE_COMPLETE')
    running.process.kill('SIGKILL')
    return running.done
  }
  const { state } = await killed()
  const post = await green(attempt(world, { operation: 'execute', assembly, approved }, { state }))
  expect(post.log).toContain('shop-dev-hosts: cancelled: taken back')
  expect(statusOf(world, 'hosts')).toBe('UPDATE_ROLLBACK_COMPLETE')

  await killed()
  world.stacks.script([])
  const again = attempt(world, { operation: 'execute', assembly, approved })
  await again.printed('an earlier attempt is still under way')
  // What hangs is CloudFormation's affair: it goes back when somebody cancels it.
  again.process.kill('SIGINT')
  expect((await again.done).outputs['outcome']).toBe('cancelled')
  expect(outcomes(await bring(world, assembly))).toEqual({ hosts: 'updated' })
})
