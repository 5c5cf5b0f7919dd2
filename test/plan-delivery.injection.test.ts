import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { deploymentPlan } from '../lib/delivery/plan.ts'
import { type PlanWorld, startPlanWorld } from './plan-world.ts'

let world: PlanWorld
let trap: string
let nasty: string
beforeAll(async () => {
  world = await startPlanWorld()
  trap = join(world.folder, 'trap')
  const expression = ['$', '{{ github.token }}'].join('')
  nasty = `\`touch ${trap}\` $(touch ${trap}) ${expression} '";touch ${trap};# ::error::x ##[error]y | <img src=x> [a](b)`
})
afterAll(() => world.close())

/** Workflow commands that a person sees, or that change the job. */
const commands = (log: string): string[] =>
  log.split('\n').filter((line) => /^\s*(::|##\[)/.test(line) && !/^::(debug::ID token url|add-mask::eyJ)/.test(line))

it('a reason is data in the plan, and inert in log and summary', async () => {
  const step = await world.plan(world.job('main'), { operation: 'hold', reason: nasty })
  expect(step.outputs['outcome']).toBe('planned')
  expect(deploymentPlan.parse(JSON.parse(step.outputs['plan'] ?? '')).reason).toBe(nasty)
  expect(commands(step.log)).toEqual([])
  expect(step.summary).not.toMatch(/<img|(?<!\\)\[a|(?<!\\)`touch/)
  expect(existsSync(trap)).toBe(false)
})

it.each([
  ['a line break', 'a\n::error::b', /input 'reason' must be a reason in one line of at most 500 characters, got 'a ::error::b'/],
  ['10 kB', 'x'.repeat(10_000), /at most 500 characters, got 'x{77}\.\.\.'/],
])('%s in a reason is refused in one line, before AWS is asked', async (_, reason, message) => {
  const mark = world.cloud.recorder.mark()
  const step = await world.plan(world.job('main'), { operation: 'rollback', environment: 'prod', reason })
  expect(step).toMatchObject({ exitCode: 1, outputs: { outcome: 'refused' } })
  expect(step.log).toMatch(message)
  expect(commands(step.log)).toEqual([expect.stringMatching(/^::error::plan-delivery: /)])
  expect(step.log.length).toBeLessThan(3_000)
  expect(world.cloud.recorder.calls({ since: mark })).toEqual([])
})

it('a branch may be called anything, and is refused in words', async () => {
  const step = await world.plan({ ...world.job('dev'), GITHUB_REF: `refs/heads/${nasty}${'x'.repeat(10_000)}` })
  expect(commands(step.log)).toEqual([
    expect.stringMatching(/^::error::plan-delivery: refs\/heads\/.* is no environment's branch/),
  ])
  expect(step.log.length).toBeLessThan(3_000)
  expect(existsSync(trap)).toBe(false)
})

it('commit messages, a branch of a pull request and words in a record stay words', async () => {
  world.git('commit', '-q', '--allow-empty', '-m', `${nasty}\n::error::z`)
  const hold = { state: 'held', reason: 'a\n::error::z', by: nasty, at: 'now\n##[error]z', run: 'r' }
  await world.put('dev', JSON.stringify(hold), 'hold')
  const step = await world.plan(world.job('dev'))
  expect(step.outputs['outcome']).toBe('refused')
  expect(commands(step.log)).toEqual([expect.stringMatching(/^::error::plan-delivery: dev refused: hold: dev is held by/)])
  const pull = await world.plan(world.pull('main', `hotfix/${nasty}\n::error::z`), world.token())
  expect(pull.outputs['outcome']).toBe('planned')
  expect(commands(pull.log)).toEqual([expect.stringMatching(/^::warning::after the merge deliver\.yml refuses this tree/)])
  expect(existsSync(trap)).toBe(false)
})
