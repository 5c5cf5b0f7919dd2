import { expect, test } from 'vitest'
import { readWorld } from '../scripts/workflow-rules/world.ts'
import { runs, type Standing } from './workflows/expressions.ts'

// Conditions of jobs, evaluated by GitHub's own library: a wrong one deploys what must not be, or skips without a word.
const { workflows } = readWorld('.')

type Need = { result: Standing | 'cancelled'; outputs?: Record<string, string> }

const doesRun = (
  file: string,
  key: string,
  needs: Record<string, Need>,
  event: Record<string, unknown> = {},
  isCancelled = false,
): boolean => {
  const job = workflows.find((workflow) => workflow.file === file)?.jobs[key]
  if (job === undefined) throw new Error(`${file} has no job ${key}`)
  const needed = [job.needs ?? []].flat()
  expect(Object.keys(needs).toSorted()).toEqual(needed.toSorted())
  const standings = Object.values(needs).map(({ result }): Standing => (result === 'cancelled' ? 'failure' : result))
  const condition = job.if === undefined ? undefined : String(job.if)
  return runs(condition, { needs, github: event }, standings, isCancelled)
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
  const infrastructure: Record<string, Need> =
    file === 'deliver.yml' ? { seed: { result: 'skipped' }, infra: { result: 'skipped' } } : {}
  const deploys = (plan: Need, build: Need['result']): boolean =>
    doesRun(file, 'deploy', { plan, build: { result: build }, ...infrastructure })
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

test('deliver.yml records first images, deploys infrastructure and then the release, each where the plan says so', () => {
  const done: Need = { result: 'success' }
  const none: Need = { result: 'skipped' }
  const failed: Need = { result: 'failure' }
  const seeds = (plan: Need, build: Need) => doesRun('deliver.yml', 'seed', { plan, build })
  expect(seeds(planned({ seed: 'true' }), done)).toBe(true)
  expect(seeds(planned({ seed: 'true' }), none)).toBe(true)
  expect(seeds(planned({ seed: 'false' }), done)).toBe(false)
  expect(seeds(planned({ seed: 'true' }), failed)).toBe(false)
  expect(seeds(pending, none)).toBe(false)
  const infra = (plan: Need, seed: Need) => doesRun('deliver.yml', 'infra', { plan, build: done, seed })
  expect(infra(planned({ infra: 'true' }), done)).toBe(true)
  expect(infra(planned({ infra: 'true' }), none)).toBe(true)
  expect(infra(planned({ infra: 'false' }), none)).toBe(false)
  expect(infra(planned({ infra: 'true' }), failed)).toBe(false)
  expect(infra(refused, none)).toBe(false)
  const deploys = (seed: Need, made: Need) =>
    doesRun('deliver.yml', 'deploy', { plan: planned({}), build: done, seed, infra: made })
  expect([deploys(done, done), deploys(none, none), deploys(none, failed)]).toEqual([true, true, true])
  expect([deploys(failed, none), deploys({ result: 'cancelled' }, none)]).toEqual([false, false])
})

const RESULTS = ['success', 'failure', 'cancelled', 'skipped'] as const

test('infra.yml proves what is recorded, however infrastructure has ended, if only it was there', () => {
  for (const isCancelled of [false, true]) {
    const proves = (plan: Need, result: Need['result']) =>
      doesRun('infra.yml', 'prove', { plan, infra: { result } }, {}, isCancelled)
    expect(RESULTS.map((result) => proves(planned({}), result))).toEqual([true, true, true, false])
    for (const plan of [refused, pending, { ...refused, outputs: { plan: '{}' } }]) expect(proves(plan, 'skipped')).toBe(false)
  }
})

/** The jobs of _deploy.yml that a delivery starts, and which steps these run. */
const afterInfrastructure = (infra: Need, deploy: Need['result'], isCancelled: boolean): string[] => {
  const plan = planned({ infra: 'true' })
  const built: Need = { result: 'skipped' }
  const deploys = doesRun('deliver.yml', 'deploy', { plan, build: built, seed: built, infra }, {}, isCancelled)
  const ended: Need = { result: deploys ? deploy : 'skipped' }
  const proves = doesRun('deliver.yml', 'prove', { plan, infra, deploy: ended }, {}, isCancelled)
  return [
    ...(deploys ? [infra.result === 'success' || infra.result === 'skipped' ? 'deploy' : 'proof'] : []),
    ...(proves ? ['proof'] : []),
  ]
}

test('after infrastructure deliver.yml deploys only where nothing failed or was cancelled, and proves in all other cases', () => {
  const changed = (result: Need['result']): Need => ({ result, outputs: { changes: 'true' } })
  const lost = (result: Need['result']): Need => ({ result, outputs: {} })
  for (const infra of [changed, lost]) {
    const at = (isCancelled: boolean) => RESULTS.map((result) => afterInfrastructure(infra(result), 'success', isCancelled))
    expect(at(false)).toEqual([['deploy'], ['proof'], ['proof'], ['deploy']])
    // By whom, or a time limit that GitHub counts as a cancellation.
    expect(at(true)).toEqual([['proof'], ['proof'], ['proof'], []])
  }
  expect(afterInfrastructure({ result: 'success', outputs: { changes: 'false' } }, 'success', true)).toEqual([])
})

test('a delivery that is cancelled while it deploys proves what infrastructure has left, unless it has ended already', () => {
  const proves = (deploy: Need['result']) =>
    doesRun(
      'deliver.yml',
      'prove',
      { plan: planned({}), infra: { result: 'success', outputs: { changes: 'true' } }, deploy: { result: deploy } },
      {},
      true,
    )
  expect(RESULTS.map(proves)).toEqual([false, true, true, true])
})

test('nothing else is begun once a delivery was cancelled', () => {
  const done: Need = { result: 'success' }
  const plan = planned({ seed: 'true', infra: 'true' })
  const begins = (key: string, needs: Record<string, Need>) => doesRun('deliver.yml', key, needs, {}, true)
  expect(begins('build', { plan })).toBe(false)
  expect(begins('seed', { plan, build: done })).toBe(false)
  expect(begins('infra', { plan, build: done, seed: done })).toBe(false)
  expect(begins('deploy', { plan, build: done, seed: done, infra: done })).toBe(false)
  expect(begins('propose', { plan, deploy: done })).toBe(false)
})

test('_infra.yml asks for an approval only where there is something to change', () => {
  const executes = (changes: string, result: Need['result'] = 'success') =>
    doesRun('_infra.yml', 'execute', { synthesise: { result: 'success' }, prepare: { result, outputs: { changes } } })
  expect([executes('true'), executes('false'), executes(''), executes('true', 'failure')]).toEqual([true, false, false, false])
})

test.each([
  ['deploy', '', false, 'deploy'],
  ['deploy', 'skipped', false, 'deploy'],
  ['deploy', 'success', false, 'deploy'],
  ['deploy', 'success', true, 'prove deploy'],
  ['deploy', 'failure', false, 'prove'],
  ['deploy', 'failure', true, 'prove'],
  ['deploy', 'cancelled', true, 'prove'],
  ['seed', '', false, 'deploy'],
  ['prove', '', false, 'prove'],
])(
  '_deploy.yml asked to %s after infrastructure that ended as "%s" (changed: %s) runs: %s',
  (operation, infrastructure, changed, expected) => {
    const steps = workflows.find(({ file }) => file === '_deploy.yml')?.jobs['deploy']?.steps ?? []
    const inputs = { operation, infrastructure, changed }
    const run = steps.filter(
      ({ id, if: condition }) =>
        id !== undefined && runs(condition === undefined ? undefined : String(condition), { inputs }, []),
    )
    expect(run.map(({ id }) => id).join(' ')).toBe(expected)
  },
)
