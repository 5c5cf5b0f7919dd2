import { getOctokit } from '@actions/github'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type GitHub, startGitHub } from './api.ts'
import { type MemoryGit, memoryGit } from './memory-git.ts'
import type { Permissions } from './permissions.ts'

const repository = { owner: 'acme', repo: 'shop' }
let git: MemoryGit
let gitHub: GitHub
beforeEach(async () => {
  git = memoryGit()
  gitHub = await startGitHub({ git })
  git.add('main', { tree: 'first' })
  git.setRef('refs/heads/staging', git.refs()['refs/heads/main'])
  git.setRef('refs/heads/dev', git.refs()['refs/heads/main'])
})
afterEach(() => gitHub.close())

const client = (token: string) => getOctokit(token, { baseUrl: gitHub.url })
const job = (permissions: Permissions) => client(gitHub.tokens.forJob(permissions))
const administrator = () => client(gitHub.tokens.forPerson('octocat'))
const failure = async (call: Promise<unknown>) => {
  const error = await call.then(
    () => undefined,
    (caught) => caught,
  )
  return { status: error?.status, ...error?.response?.data }
}

describe('tokens', () => {
  test('an unknown one is refused with 401, also after it was revoked', async () => {
    const token = gitHub.tokens.forJob({})
    gitHub.tokens.revoke(token)
    for (const bad of ['nothing', token])
      expect(await failure(client(bad).rest.repos.get(repository))).toMatchObject({ status: '401', message: 'Bad credentials' })
  })

  test('a permission that is missing is named in the header, reading does not allow writing', async () => {
    const call = job({ deployments: 'read' }).rest.repos.createDeployment({ ...repository, ref: 'dev' })
    const error = await call.catch((caught) => caught)
    expect(error.status).toBe(403)
    expect(error.response.data.message).toBe('Resource not accessible by integration')
    expect(error.response.headers['x-accepted-github-permissions']).toBe('deployments=write')
    expect(gitHub.state.deployments).toEqual([])
    const person = client(gitHub.tokens.forPerson('octocat', { contents: 'read' }))
    expect(await failure(person.rest.pulls.list(repository))).toMatchObject({
      status: '403',
      message: 'Resource not accessible by personal access token',
    })
  })

  test('what may not be seen is not found', async () => {
    const stranger = client(gitHub.tokens.forPerson('stranger', {}, false))
    expect(await failure(stranger.rest.repos.get(repository))).toMatchObject({ status: '404' })
    expect(await failure(administrator().rest.repos.get({ ...repository, repo: 'other' }))).toMatchObject({ status: '404' })
  })
})

test('a route that is not served says its name', async () => {
  expect(await failure(administrator().rest.issues.listForRepo(repository))).toMatchObject({
    status: '501',
    message: 'Not served by this stand-in: GET /repos/acme/shop/issues',
  })
})

test('a body that does not fit is refused before anything is done', async () => {
  const wrong = { ...repository, ref: 7 as unknown as string }
  expect(await failure(administrator().rest.repos.createDeployment(wrong))).toMatchObject({
    status: '422',
    message: "Invalid request.\n\nFor 'properties/ref', 7 is not a string.",
  })
})

describe('deployments', () => {
  const create = (environment: string, payload: object, more: object = {}) =>
    administrator().rest.repos.createDeployment({
      ...repository,
      ref: 'dev',
      environment,
      payload: payload as Record<string, unknown>,
      auto_merge: false,
      required_contexts: [],
      ...more,
    })
  const succeed = (deployment_id: number, more: object = {}) =>
    administrator().rest.repos.createDeploymentStatus({ ...repository, deployment_id, state: 'success', ...more })

  test('are listed newest first, by environment, over all pages', async () => {
    for (let number = 0; number < 45; number += 1) await create(number % 9 === 0 ? 'staging' : 'dev', { number })
    const { rest, paginate } = administrator()
    const found = await paginate(rest.repos.listDeployments, { ...repository, environment: 'dev', per_page: 7 })
    expect(found.map(({ payload }) => (payload as { number: number }).number)).toEqual(
      Array.from({ length: 45 }, (_, index) => 44 - index).filter((number) => number % 9 !== 0),
    )
    expect(gitHub.state.environments.map(({ name }) => name)).toEqual(['staging', 'dev'])
  })

  test('a success makes the others of its environment inactive, unless that is turned off or they are of production', async () => {
    const ids: number[] = []
    for (const more of [{}, { production_environment: true }, {}, {}]) {
      const { data } = await create('dev', {}, more)
      ids.push((data as { id: number }).id)
    }
    const [first = 0, production = 0, kept = 0, last = 0] = ids
    for (const id of [first, production]) await succeed(id)
    await succeed(kept, { auto_inactive: false })
    const states = () => gitHub.state.deployments.map(({ statuses }) => statuses.at(-1)?.state)
    expect(states()).toEqual(['inactive', 'success', 'success', undefined])
    await succeed(last)
    expect(states()).toEqual(['inactive', 'success', 'inactive', 'success'])
  })

  test('commit statuses hold one back unless required_contexts says not to ask', async () => {
    await administrator().rest.repos.createCommitStatus({
      ...repository,
      sha: git.refs()['refs/heads/dev'] ?? '',
      state: 'failure',
    })
    const call = administrator().rest.repos.createDeployment({ ...repository, ref: 'dev', auto_merge: false })
    expect(await failure(call)).toMatchObject({ status: '409', message: 'Conflict: Commit status checks failed for dev.' })
  })

  test('an unknown ref and a long description are refused', async () => {
    const call = create('dev', {}, { ref: 'nowhere' })
    expect(await failure(call)).toMatchObject({ status: '422', message: 'No ref found for: nowhere' })
    const { data } = await create('dev', {})
    expect(await failure(succeed((data as { id: number }).id, { description: 'x'.repeat(141) }))).toMatchObject({
      status: '422',
      errors: [{ resource: 'DeploymentStatus', message: 'description is too long (maximum is 140 characters)' }],
    })
  })
})

describe('pull requests', () => {
  const open = (head = 'dev', base = 'staging', octokit = administrator()) =>
    octokit.rest.pulls.create({ ...repository, head, base, title: `${head} to ${base}` })

  test('know the commits of their branches and the test merge', async () => {
    const sha = git.add('dev')
    const { data } = await open()
    expect(data).toMatchObject({ number: 1, head: { ref: 'dev', sha }, base: { ref: 'staging' }, mergeable: true, commits: 1 })
    expect(git.commit(data.merge_commit_sha ?? '')).toMatchObject({ parents: [data.base.sha, sha], tree: git.commit(sha)?.tree })
    const later = git.add('dev')
    const found = await administrator().rest.pulls.list({ ...repository, head: 'acme:dev' })
    expect(found.data.map(({ head }) => head.sha)).toEqual([later])
  })

  test('a second one, one without commits, and one of an unknown branch are refused in GitHub’s words', async () => {
    expect(await failure(open())).toMatchObject({ status: '422', errors: [{ message: 'No commits between staging and dev' }] })
    git.add('dev')
    await open()
    expect(await failure(open())).toMatchObject({
      message: 'Validation Failed',
      errors: [{ resource: 'PullRequest', code: 'custom', message: 'A pull request already exists for acme:dev.' }],
    })
    expect(await failure(open('none'))).toMatchObject({ errors: [{ field: 'head', code: 'invalid' }] })
  })

  test('a workflow opens one only where the repository lets it', async () => {
    git.add('dev')
    const octokit = job({ pull_requests: 'write' })
    expect(await failure(open('dev', 'staging', octokit))).toMatchObject({
      status: '403',
      message: 'GitHub Actions is not permitted to create or approve pull requests.',
    })
    gitHub.state.workflowPermissions.can_approve_pull_request_reviews = true
    expect((await open('dev', 'staging', octokit)).data.user.login).toBe('github-actions[bot]')
  })

  test('merging moves the base and closes', async () => {
    git.add('dev')
    await open()
    const { data } = await administrator().rest.pulls.merge({ ...repository, pull_number: 1 })
    expect(git.refs()['refs/heads/staging']).toBe(data.sha)
    const { data: pull } = await administrator().rest.pulls.get({ ...repository, pull_number: 1 })
    expect(pull).toMatchObject({ state: 'closed', merged: true, merge_commit_sha: data.sha })
  })
})

test('a commit status is the newest of its context', async () => {
  const sha = git.add('dev')
  const { rest } = administrator()
  for (const state of ['pending', 'failure', 'success'] as const)
    await rest.repos.createCommitStatus({ ...repository, sha, state, context: 'gate' })
  const { data } = await rest.repos.getCombinedStatusForRef({ ...repository, ref: 'dev' })
  expect(data).toMatchObject({ state: 'success', total_count: 1 })
  const unknown = rest.repos.createCommitStatus({ ...repository, sha: 'f'.repeat(40), state: 'success' })
  expect(await failure(unknown)).toMatchObject({ status: '422', message: `No commit found for SHA: ${'f'.repeat(40)}` })
})
