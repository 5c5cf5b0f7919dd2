import { expect, test } from 'vitest'
import { readWorld } from '../scripts/workflow-rules/world.ts'
import { runs, type Standing } from './workflows/expressions.ts'

// Conditions of jobs, evaluated by GitHub's own library: a wrong one deploys what must not be, or skips without a word.
const { workflows } = readWorld('.')

type Need = { result: Standing | 'cancelled'; outputs?: Record<string, string> }

const doesRun = (file: string, key: string, needs: Record<string, Need>, event: Record<string, unknown> = {}): boolean => {
  const job = workflows.find((workflow) => workflow.file === file)?.jobs[key]
  if (job === undefined) throw new Error(`${file} has no job ${key}`)
  const needed = [job.needs ?? []].flat()
  expect(Object.keys(needs).toSorted()).toEqual(needed.toSorted())
  const standings = Object.values(needs).map(({ result }): Standing => (result === 'cancelled' ? 'failure' : result))
  const condition = job.if === undefined ? undefined : String(job.if)
  return runs(condition, { needs, github: event }, standings)
}

const planned = (outputs: Record<string, string>): Need => ({
  result: 'success',
  outputs: { plan: '{}', build: 'true', ...outputs },
})
const pending: Need = { result: 'success', outputs: { outcome: 'pending', plan: '', build: 'false', environment: 'staging' } }
const refused: Need = { result: 'failure', outputs: { outcome: 'refused' } }

test.each(['deliver.yml', 'hotfix.yml'])('%s builds where the plan says so', (file) => {
  expect(doesRun(file, 'build', { plan: planned({}) })).toBe(true)
  expect(doesRun(file, 'build', { plan: planned({ build: 'false' }) })).toBe(false)
  expect(doesRun(file, 'build', { plan: pending })).toBe(false)
  expect(doesRun(file, 'build', { plan: refused })).toBe(false)
  expect(doesRun(file, 'build', { plan: { ...refused, outputs: { build: 'true' } } })).toBe(false)
})

test.each(['deliver.yml', 'hotfix.yml'])('%s deploys a plan whose images are there, and nothing else', (file) => {
  const deploys = (plan: Need, build: Need['result']): boolean => doesRun(file, 'deploy', { plan, build: { result: build } })
  expect(deploys(planned({}), 'success')).toBe(true)
  expect(deploys(planned({ build: 'false' }), 'skipped')).toBe(true)
  expect(deploys(planned({}), 'failure')).toBe(false)
  expect(deploys(planned({}), 'cancelled')).toBe(false)
  expect(deploys(pending, 'skipped')).toBe(false)
  expect(deploys(refused, 'skipped')).toBe(false)
  expect(deploys({ ...refused, outputs: { plan: '{}' } }, 'skipped')).toBe(false)
})

test.each(['promote.yml', 'rollback.yml'])('%s deploys a plan, and nothing else', (file) => {
  expect(doesRun(file, 'deploy', { plan: planned({}) })).toBe(true)
  expect(doesRun(file, 'deploy', { plan: pending })).toBe(false)
  expect(doesRun(file, 'deploy', { plan: refused })).toBe(false)
})

test('after a promotion the branch is asked to follow, and only then', () => {
  const follows = (deploy: Need['result']): boolean =>
    doesRun('promote.yml', 'propose', { plan: planned({}), deploy: { result: deploy } })
  expect(follows('success')).toBe(true)
  expect(follows('failure')).toBe(false)
  expect(follows('skipped')).toBe(false)
})

test('promotions are judged again however a run ended', () => {
  for (const plan of [planned({}), pending, refused]) {
    for (const result of ['success', 'failure', 'skipped'] as const) {
      expect(doesRun('deliver.yml', 'propose', { plan, deploy: { result } })).toBe(true)
      expect(doesRun('rollback.yml', 'gate', { plan, deploy: { result } })).toBe(true)
    }
  }
})

test('the back-merge is opened once there was something to deploy', () => {
  const opens = (plan: Need): boolean => doesRun('hotfix.yml', 'back-merge', { plan, deploy: { result: 'failure' } })
  expect(opens(planned({ environment: 'prod' }))).toBe(true)
  expect(opens({ result: 'failure', outputs: {} })).toBe(false)
})

test('the gate judges pull requests into the branches that take promotions', () => {
  const judges = (base: string): boolean => doesRun('ci.yml', 'gate', {}, { base_ref: base })
  expect(['staging', 'main', 'dev', ''].map(judges)).toEqual([true, true, false, false])
})
