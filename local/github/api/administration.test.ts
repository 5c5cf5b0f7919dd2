import { getOctokit } from '@actions/github'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type GitHub, startGitHub } from './api.ts'
import { type MemoryGit, memoryGit } from './memory-git.ts'

const repository = { owner: 'acme', repo: 'shop' }
let git: MemoryGit
let gitHub: GitHub
beforeEach(async () => {
  git = memoryGit()
  gitHub = await startGitHub({ git, teams: [{ slug: 'owners', id: 5 }] })
  git.add('main')
})
afterEach(() => gitHub.close())

const rest = () => getOctokit(gitHub.tokens.forPerson('octocat'), { baseUrl: gitHub.url }).rest
const failure = async (call: Promise<unknown>) => {
  const error = await call.then(
    () => undefined,
    (caught) => caught,
  )
  return { status: error?.status, ...error?.response?.data }
}
const environment = { ...repository, environment_name: 'prod' }
const custom = { protected_branches: false, custom_branch_policies: true }

test('an environment keeps its rules, and loses those that a later request leaves out', async () => {
  const reviewers = [{ type: 'Team' as const, id: 5 }]
  await rest().repos.createOrUpdateEnvironment({ ...environment, wait_timer: 5, reviewers, deployment_branch_policy: custom })
  await rest().repos.createDeploymentBranchPolicy({ ...environment, name: 'main' })
  const { data } = await rest().repos.getEnvironment(environment)
  expect(data.protection_rules?.map(({ type }) => type)).toEqual(['wait_timer', 'required_reviewers', 'branch_policy'])
  const policies = await rest().repos.listDeploymentBranchPolicies(environment)
  expect(policies.data.branch_policies).toMatchObject([{ name: 'main', type: 'branch' }])
  const { data: bare } = await rest().repos.createOrUpdateEnvironment(environment)
  expect([bare.protection_rules, bare.deployment_branch_policy]).toEqual([[], null])
})

test('branch policies need an environment that asks for them', async () => {
  await rest().repos.createOrUpdateEnvironment(environment)
  expect(await failure(rest().repos.createDeploymentBranchPolicy({ ...environment, name: 'main' }))).toMatchObject({
    status: '404',
  })
  const both = { protected_branches: true, custom_branch_policies: true }
  expect(await failure(rest().repos.createOrUpdateEnvironment({ ...environment, deployment_branch_policy: both }))).toMatchObject(
    {
      status: '422',
    },
  )
})

test('what a plan does not include is refused in a private repository', async () => {
  gitHub.state.plan = 'team'
  const reviewers = [{ type: 'Team' as const, id: 5 }]
  expect(await failure(rest().repos.createOrUpdateEnvironment({ ...environment, reviewers }))).toMatchObject({
    status: '422',
    message:
      'Failed to create the environment protection rule. Please ensure the billing plan supports the required reviewers protection rule.',
  })
  gitHub.state.plan = 'free'
  expect(await failure(rest().repos.getRepoRulesets(repository))).toMatchObject({
    status: '403',
    message: 'Upgrade to GitHub Pro or make this repository public to enable this feature.',
  })
  gitHub.state.repository.private = false
  expect((await rest().repos.getRepoRulesets(repository)).data).toEqual([])
})

test('the rules of a branch come from the active rulesets that name it', async () => {
  const include = ['refs/heads/main', 'refs/heads/release/*']
  const { data } = await rest().repos.createRepoRuleset({
    ...repository,
    name: 'promotion',
    enforcement: 'active',
    conditions: { ref_name: { include, exclude: [] } },
    rules: [{ type: 'deletion' }, { type: 'non_fast_forward' }],
  })
  const rules = async (branch: string) =>
    (await rest().repos.getBranchRules({ ...repository, branch })).data.map(({ type }) => type)
  expect(await rules('main')).toEqual(['deletion', 'non_fast_forward'])
  expect([await rules('release/1'), await rules('dev'), await rules('release/1/2')].map(({ length }) => length)).toEqual([
    2, 0, 0,
  ])
  expect((await rest().repos.getBranch({ ...repository, branch: 'main' })).data.protected).toBe(true)
  await rest().repos.updateRepoRuleset({ ...repository, ruleset_id: data.id, enforcement: 'disabled' })
  expect(await rules('main')).toEqual([])
  const same = rest().repos.createRepoRuleset({ ...repository, name: 'promotion', enforcement: 'active' })
  expect(await failure(same)).toMatchObject({ status: '422', errors: ['Name must be unique'] })
})

test('a label exists once, whatever its case', async () => {
  await rest().issues.createLabel({ ...repository, name: 'hotfix', color: 'd73a4a' })
  expect(await failure(rest().issues.createLabel({ ...repository, name: 'Hotfix' }))).toMatchObject({
    errors: [{ resource: 'Label', code: 'already_exists', field: 'name' }],
  })
})

test('a dispatch is checked against the inputs of the workflow', async () => {
  const inputs = { environment: { required: true, options: ['dev', 'prod'] }, reason: { default: 'none' } }
  gitHub.state.workflows.push({ id: 7, path: '.github/workflows/promote.yml', name: 'Promote', inputs })
  gitHub.state.workflows.push({ id: 8, path: '.github/workflows/ci.yml', name: 'CI' })
  const dispatch = (given: Record<string, string>, workflow_id = 'promote.yml', ref = 'main') =>
    rest().actions.createWorkflowDispatch({ ...repository, workflow_id, ref, inputs: given })
  await dispatch({ environment: 'prod' })
  expect(gitHub.state.dispatches).toMatchObject([
    { workflow: 'promote.yml', ref: 'main', inputs: { environment: 'prod', reason: 'none' }, by: 'octocat' },
  ])
  expect(await failure(dispatch({}))).toMatchObject({ status: '422', message: "Required input 'environment' not provided" })
  expect(await failure(dispatch({ environment: 'x' }))).toMatchObject({ status: '422' })
  expect(await failure(dispatch({ environment: 'dev', x: '1' }))).toMatchObject({ message: 'Unexpected inputs provided: ["x"]' })
  expect(await failure(dispatch({}, 'ci.yml'))).toMatchObject({ message: "Workflow does not have 'workflow_dispatch' trigger" })
  expect(await failure(dispatch({}, 'none.yml'))).toMatchObject({ status: '404' })
  expect(await failure(dispatch({ environment: 'dev' }, 'promote.yml', 'gone'))).toMatchObject({
    message: 'No ref found for: gone',
  })
})

test('a run shows its own jobs, and an unknown run none', async () => {
  const run = { id: 3, path: '.github/workflows/ci.yml', event: 'push', head_branch: 'main', head_sha: 'a'.repeat(40) }
  gitHub.state.runs.push({ ...run, status: 'completed', conclusion: 'failure', created_at: '2026-11-20T08:00:00Z' })
  const job = { status: 'completed', conclusion: 'failure' } as const
  gitHub.state.jobs.push({ id: 31, run_id: 3, name: 'Plan / Plan', ...job }, { id: 41, run_id: 4, name: 'Other', ...job })
  const { data } = await rest().actions.listJobsForWorkflowRun({ ...repository, run_id: 3 })
  expect(data).toMatchObject({ total_count: 1, jobs: [{ id: 31, run_id: 3, name: 'Plan / Plan', conclusion: 'failure' }] })
  expect(await failure(rest().actions.listJobsForWorkflowRun({ ...repository, run_id: 5 }))).toMatchObject({ status: '404' })
})

test('a ref is made once, of a commit that is there', async () => {
  const sha = git.add('main')
  const ref = { ...repository, ref: 'refs/heads/new', sha }
  await rest().git.createRef(ref)
  expect(git.refs()['refs/heads/new']).toBe(sha)
  expect(await failure(rest().git.createRef(ref))).toMatchObject({ message: 'Reference already exists' })
  const missing = { ...ref, ref: 'refs/heads/other', sha: '0'.repeat(40) }
  expect(await failure(rest().git.createRef(missing))).toMatchObject({ message: 'Object does not exist' })
})

test('Actions settings and the subject of its tokens', async () => {
  gitHub.state.actions.sha_pinning_required = true
  const { data } = await rest().actions.getGithubActionsPermissionsRepository(repository)
  expect(data).toEqual({ enabled: true, allowed_actions: 'all', sha_pinning_required: true })
  await rest().actions.setGithubActionsDefaultWorkflowPermissionsRepository({
    ...repository,
    default_workflow_permissions: 'read',
    can_approve_pull_request_reviews: true,
  })
  expect(gitHub.state.workflowPermissions.can_approve_pull_request_reviews).toBe(true)
  const subject = () => rest().actions.getCustomOidcSubClaimForRepo(repository)
  expect((await subject()).data).toMatchObject({ use_default: true, sub_claim_prefix: 'repo:acme@1/shop@2' })
  gitHub.state.oidc.use_immutable_subject = false
  expect((await subject()).data).toMatchObject({ sub_claim_prefix: 'repo:acme/shop' })
})
