import { readFileSync } from 'node:fs'
import { afterEach, expect, test, vi } from 'vitest'
import { parse } from 'yaml'
import { postVerdict } from '../actions/promote-branch/src/post.ts'
import { example } from '../lib/delivery/configuration.case.ts'
import { gitHubClient } from '../lib/github/client.ts'
import type { Statuses } from '../lib/github/statuses.ts'
import type { GitHubOptions, GitHubState } from '../local/github/api/state.ts'
import { apply } from '../scripts/setup/apply.ts'
import { planChanges } from '../scripts/setup/changes.ts'
import { CI_CHECK, desiredState } from '../scripts/setup/desired.ts'
import { observe } from '../scripts/setup/observe.ts'
import { type SetUpWorld, setUpWorld } from './setup-world.ts'

// Processes of their own, on whatever else the machine does.
vi.setConfig({ testTimeout: 60_000 })

let world: SetUpWorld
afterEach(() => world.close())
const start = async (options?: GitHubOptions, configuration = example()) => {
  world = await setUpWorld(configuration, options)
  return world.gitHub.state
}
/** What there is, without the numbers and times that GitHub gives. */
const standing = ({ environments, rulesets, labels }: GitHubState): string =>
  JSON.stringify([environments, rulesets, labels], (name, value) =>
    name === 'created_at' || (name === 'id' && value > 1000) ? undefined : value,
  )
const writes = () => world.gitHub.state.calls.filter(({ method }) => method !== 'GET')

test('dry it writes nothing and prints each change; applied it makes exactly these; dry again nothing is left', async () => {
  const state = await start()
  state.workflowPermissions = { default_workflow_permissions: 'write', can_approve_pull_request_reviews: true }
  const dry = await world.run('setup')
  expect(dry.err).toBe('')
  expect(dry.code).toBe(1)
  expect(writes()).toEqual([])
  const announced = dry.out.split('\n').filter((line) => /^[+~] /.test(line))
  expect(dry.out).toContain(`${announced.length} changes, of which none was made: add --apply to make them`)

  const applied = await world.run('setup', ['--apply'])
  expect(applied).toMatchObject({ err: '', code: 0 })
  expect(applied.out.split('\n').filter((line) => /^[+~] /.test(line))).toEqual(announced)
  expect(writes()).toHaveLength(announced.length)
  expect(new Set(writes().map(({ status }) => status))).toEqual(new Set([200, 201, 204]))

  const again = await world.run('setup')
  expect(again).toEqual({ out: 'acme/shop (id 2)\nnothing is missing\n', err: '', code: 0 })
})

test('what it made is what the roles trust and what the promotions need', async () => {
  const state = await start()
  await world.setUp(true)
  expect(Object.keys(state.git.refs()).toSorted()).toEqual(['refs/heads/dev', 'refs/heads/main', 'refs/heads/staging'])
  const environments = state.environments.map(({ name, branch_policy, branch_policies, reviewers }) => [
    name,
    branch_policy?.custom_branch_policies,
    branch_policies.map(({ name }) => name).join(' '),
    reviewers.map(({ type, id }) => `${type} ${id}`).join(', '),
  ])
  expect(environments).toEqual([
    ['build', true, 'dev main', ''],
    ['dev', true, 'dev', ''],
    ['dev-infra', true, 'dev', ''],
    ['budget', true, 'main', ''],
    ['staging', true, 'staging', ''],
    ['staging-infra', true, 'staging', ''],
    ['prod', true, 'main', 'User 583231, Team 77'],
    ['prod-infra', true, 'main', 'User 583231, Team 77'],
  ])
  expect(state.rulesets.map(({ name, enforcement, conditions }) => [name, enforcement, conditions.ref_name])).toEqual(
    ['dev', 'staging', 'main'].map((branch) => [
      `slipway: ${branch}`,
      'active',
      { include: [`refs/heads/${branch}`], exclude: [] },
    ]),
  )
  expect(state.rulesets[2]?.rules).toEqual([
    { type: 'deletion' },
    { type: 'non_fast_forward' },
    { type: 'pull_request', parameters: expect.objectContaining({ allowed_merge_methods: ['merge'] }) },
    {
      type: 'required_status_checks',
      parameters: expect.objectContaining({
        required_status_checks: [{ context: 'ci-ok' }, { context: 'slipway/promotion/prod' }],
      }),
    },
  ])
  expect(JSON.stringify(state.rulesets[0]?.rules)).not.toMatch(/allowed_merge_methods|slipway\/promotion/)
  expect(state.labels.map(({ name }) => name)).toEqual([
    'promotion',
    'back-merge',
    'hotfix',
    'infra:broadening',
    'infra:destructive',
  ])
})

test('what is stricter already stays and is said; what is looser is tightened', async () => {
  const state = await start()
  await world.setUp(true)
  const [dev, , main] = state.rulesets
  const prod = state.environments.find(({ name }) => name === 'prod')
  const staging = state.environments.find(({ name }) => name === 'staging')
  if (!dev || !main || !prod || !staging) throw new Error('not set up')
  dev.enforcement = 'disabled'
  main.rules = [
    { type: 'required_signatures' },
    { type: 'pull_request', parameters: { required_approving_review_count: 2, require_code_owner_review: true } },
  ]
  Object.assign(prod, { wait_timer: 10, prevent_self_review: true })
  staging.branch_policy = null
  const { out, isDone } = await world.setUp(true)
  expect(out).toContain("~ ruleset 'slipway: dev': enforced (now: disabled)")
  expect(out).toContain('~ environment staging: deployments from staging only (now: from any ref)')
  for (const kept of ['also has the rule required_signatures', 'asks for 2 approval(s)', 'has require_code_owner_review'])
    expect(out).toContain(`= ruleset 'slipway: main' ${kept}: stricter than needed, stays`)
  expect(out).toContain('= environment prod waits 10 minutes: stricter than needed, stays')
  expect(isDone).toBe(false)
  expect(dev.enforcement).toBe('active')
  expect(main.rules[1]?.parameters).toMatchObject({
    required_approving_review_count: 2,
    require_code_owner_review: true,
    allowed_merge_methods: ['merge'],
  })
  expect(main.rules.map(({ type }) => type)).toContain('required_signatures')
  expect(prod).toMatchObject({ wait_timer: 10, prevent_self_review: true })
  expect(writes().filter(({ method }) => method === 'DELETE')).toEqual([])
})

test('it adds no reviewer, no branch and no switch to what a person has set otherwise, but says what differs', async () => {
  const state = await start()
  await world.setUp(true)
  const prod = state.environments.find(({ name }) => name === 'prod')
  if (!prod) throw new Error('not set up')
  prod.reviewers = [{ type: 'User', id: 583231 }]
  prod.branch_policies = [{ id: 1, name: 'release/*', type: 'branch' }]
  const before = JSON.stringify([state.environments, state.rulesets])
  const { out, isDone } = await world.setUp(true)
  expect(isDone).toBe(false)
  expect(out).toContain(
    '! environment prod has the reviewers octocat, delivery.json says octocat, acme/platform: change them by hand',
  )
  expect(out).toContain("! environment prod lets in branch 'release/*', which delivery.json does not name: take that out by hand")
  expect(out).toContain('! workflows cannot open promotion pull requests: gh api -X PUT')
  expect(JSON.stringify([state.environments, state.rulesets])).toBe(before)
})

test('killed after any of its requests, it has let in no more than in the end, and the next run completes it', async () => {
  const state = await start()
  const desired = desiredState(example())
  const client = await gitHubClient(world.gitHub.tokens.forPerson('octocat'), 'acme/shop', world.gitHub.url)
  const { changes } = planChanges(desired, await observe(client, desired))
  await world.setUp(true)
  const complete = standing(state)
  for (let made = 0; made < changes.length; made++) {
    Object.assign(state, { environments: [], rulesets: [], labels: [] })
    for (const change of changes.slice(0, made)) if (change.kind !== 'branch') await apply(client, change)
    expect(state.environments.every(({ branch_policy }) => branch_policy?.custom_branch_policies)).toBe(true)
    await world.setUp(true)
    expect(standing(state)).toBe(complete)
  }
})

test('a repository that is not the one of delivery.json is refused before anything is written', async () => {
  await start({ repositoryId: 7, ownerId: 9 })
  await expect(world.setUp(true)).rejects.toThrow(
    'repository.ownerId in delivery.json is 1, GitHub says 9\nrepository.id in delivery.json is 2, GitHub says 7',
  )
  expect(writes()).toEqual([])
})

test('what the plan of the repository does not offer fails alone, in words, and the rest is made', async () => {
  const state = await start({ plan: 'team' })
  const { out, isDone } = await world.setUp(true)
  expect(isDone).toBe(false)
  expect(out).toContain(
    '+ environment prod: one of octocat, acme/platform approves each deployment\n  failed: Failed to create the environment protection rule.',
  )
  expect(state.environments.find(({ name }) => name === 'prod')?.branch_policies).toMatchObject([{ name: 'main' }])
  // GitHub refuses what names reviewers or timers on such a plan, even none.
  const bodies = state.calls
    .filter(({ method, path }) => method === 'PUT' && /environments\/[\w-]+$/.test(path))
    .map(({ body }) => JSON.parse(String(body)))
  expect(bodies.filter((body) => body.reviewers === undefined).map((body) => Object.keys(body))).toEqual(
    Array(8).fill(['deployment_branch_policy']),
  )
})

test('where rulesets and environments are not offered at all, that is said and the rest is made', async () => {
  const state = await start({ plan: 'free' })
  const { out, isDone } = await world.setUp(true)
  expect(isDone).toBe(false)
  expect(out).toContain(
    '! rulesets cannot be seen: Upgrade to GitHub Pro or make this repository public to enable this feature. (403)',
  )
  expect(out).toContain('! environments cannot be seen: Not Found (404)')
  expect(Object.keys(state.git.refs())).toContain('refs/heads/staging')
})

test('without a token, with an unknown one, or with one that may not, it says what is needed', async () => {
  await start()
  expect((await world.run('setup', [], { GITHUB_TOKEN: '' })).err).toContain('setup: GITHUB_TOKEN is empty: set it to a token')
  const unknown = await world.run('setup', [], { GITHUB_TOKEN: 'ghp_wrong' })
  expect(unknown.err).toContain('GitHub does not know the token (401)')
  expect(unknown.err + unknown.out).not.toContain('ghp_wrong')
  const unreachable = await world.run('setup', [], { GITHUB_API_URL: 'http://127.0.0.1:1' })
  expect(unreachable.err).toMatch(/^setup: the repository acme\/shop cannot be read: GitHub cannot be reached: /)
  const reader = world.gitHub.tokens.forPerson('reader', { contents: 'read', actions: 'read', issues: 'read', members: 'read' })
  const { out } = await world.setUp(true, reader)
  expect(out).toContain(
    '! permissions of the workflow token cannot be seen: the token lacks the permission administration=read (403)',
  )
  expect(out).toMatch(/\+ environment prod: .*\n {2}failed: the token lacks the permission administration=write \(403\)/)
})

/** Context under which the gate answers for an environment. */
const posted = async (environment: string): Promise<string | undefined> => {
  const contexts: string[] = []
  const head = { branch: 'dev', commit: 'c', isFork: false }
  const pull = { number: 1, title: '', body: '', url: '', isOpen: true, head, base: '' }
  const statuses: Statuses = { latest: async () => undefined, post: async (_, { context }) => void contexts.push(context) }
  const verdict = { state: 'success' as const, reason: '' }
  await postVerdict({ runUrl: '', dryRun: false }, { statuses }, pull, { name: environment }, verdict)
  return contexts[0]
}

test('the checks that it requires are those that are posted, for pull requests to the branches and on the branches themselves', async () => {
  await start()
  const { rulesets } = desiredState(example())
  const ci = readFileSync(new URL('../.github/workflows/ci.yml', import.meta.url), 'utf8')
  const { on, jobs } = parse(ci) as {
    on: Record<'pull_request' | 'push', { branches: string[] }>
    jobs: Record<string, { name: string }>
  }
  for (const { branch } of rulesets) {
    expect(on.pull_request.branches).toContain(branch)
    // A pull request that a workflow has opened starts none: it has the checks of the branch that it comes from.
    expect(on.push.branches).toContain(branch)
  }
  expect(Object.values(jobs).map(({ name }) => name)).toContain(CI_CHECK)
  const promoting = Object.entries(example().environments).filter(([, { promotesFrom }]) => promotesFrom !== undefined)
  expect(promoting).not.toEqual([])
  for (const [environment, { branch }] of promoting) {
    expect(rulesets.find((ruleset) => ruleset.branch === branch)?.checks).toEqual([CI_CHECK, await posted(environment)])
  }
})
