import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Board, EnvironmentBoard } from '../lib/delivery/board/board.ts'
import { isChange } from '../local/aws/recorder.ts'
import { type GitHub, startGitHub } from '../local/github/api/api.ts'
import type { GitHubState } from '../local/github/api/state.ts'
import { type ReconcileWorld, startReconcileWorld } from './reconcile-delivery-world.ts'

let world: ReconcileWorld
let github: GitHub
let first: string
let second: string

/** One image, verified and running in all three environments. */
beforeAll(async () => {
  world = await startReconcileWorld()
  github = await startGitHub()
  first = await world.build()
  await Promise.all(
    ['dev', 'staging', 'prod'].map(async (environment) => {
      await world.run(environment, first)
      const { release } = await world.record(environment, first)
      await world.putTag(first, `keep-${environment}-${release}`)
    }),
  )
})
afterAll(async () => {
  await github.close()
  await world.close()
})

const boardOf = (outputs: Record<string, string>): Board => JSON.parse(outputs['board'] ?? '')
const at = (board: Board, name: string): EnvironmentBoard =>
  board.environments.find(({ environment }) => environment === name) as EnvironmentBoard
const writes = (since: number) => world.cloud.recorder.calls({ since }).filter(isChange)

describe('reconcile-delivery', { timeout: 60_000 }, () => {
  it('shows what deliveries left: every environment as recorded and level with its branch', async () => {
    const mark = world.cloud.recorder.mark()
    const step = await world.reconcile()
    expect(step).toMatchObject({ exitCode: 0, outputs: { drift: 'false', ready: '[]', dispatched: '[]' } })
    const board = boardOf(step.outputs)
    expect(board.unreadable).toEqual([])
    for (const environment of board.environments) {
      expect(environment).toMatchObject({ branch: { position: 'level' }, next: { state: 'none' }, findings: [] })
      expect(environment.services.map(({ service, state }) => [service, state])).toEqual([
        ['api', 'as-recorded'],
        ['worker', 'as-recorded'],
      ])
      expect(environment.services[0]?.running).toEqual({ [first]: 2 })
    }
    expect(step.summary).toContain('### shop at ')
    expect(step.log).toMatch(/^prod +rel-[0-9a-f]{16} .* octocat +level with main +as recorded$/m)

    expect(writes(mark)).toEqual([])
    const roles = world.cloud.recorder.calls({ since: mark }).flatMap(({ role }) => role ?? [])
    expect([...new Set(roles)].toSorted()).toEqual(['shop-dev-read', 'shop-prod-read', 'shop-registry-read', 'shop-staging-read'])
    expect(world.cloud.recorder.count({ since: mark, call: 'ecr' })).toEqual({ 'ecr:BatchGetImage': 1 })
  })

  it('reads what it can where one environment may not be read, and ends red', async () => {
    const { accessKeyId, secretAccessKey } = world.cloud.adminKey('222222222222')
    const keys = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
    const step = await world.reconcile({ credentials: 'ambient' }, keys)
    expect(step).toMatchObject({ exitCode: 1, outputs: { drift: 'false' } })
    const board = boardOf(step.outputs)
    expect(board.unreadable).toHaveLength(3)
    expect(board.unreadable[0]).toContain('staging: wrong account: these credentials belong to 222222222222')
    expect(at(board, 'dev')).toMatchObject({ release: { by: 'octocat' }, next: { state: 'none' } })
  })

  it('says which promotion is ready, what waits for a merge, and what is held', async () => {
    world.commit({ 'app/Dockerfile': 'FROM scratch\nLABEL second=1\n' })
    second = await world.build()
    await Promise.all(['api', 'worker'].map((name) => world.change('dev', name, second)))
    await world.record('dev', second)
    const reason = 'looking | into <b>it</b>\n::error::x'
    const hold = { state: 'held', reason, by: 'ada', at: '2026-01-02T03:04:05Z', run: '' }
    await world.put('prod', '/shop/prod/hold', JSON.stringify(hold))
    const unmerged = boardOf((await world.reconcile()).outputs)
    expect(at(unmerged, 'staging').next).toMatchObject({
      state: 'merge',
      reason: expect.stringContaining('--base staging --head dev'),
    })

    world.git('branch', '-f', 'staging', 'dev')
    const step = await world.reconcile()
    expect(step.outputs['ready']).toBe('["staging"]')
    const board = boardOf(step.outputs)
    expect(at(board, 'staging')).toMatchObject({ branch: { position: 'behind', behind: 1, ahead: 0 }, next: { state: 'ready' } })
    expect(at(board, 'prod').hold?.by).toBe('ada')
    expect(at(board, 'prod').findings.map(({ kind }) => kind)).toEqual(['hold'])
    expect(step.log).not.toMatch(/^::error::x/m)
    expect(step.summary).toContain('looking \\| into &lt;b&gt;it&lt;/b&gt; ::error::x')
    expect(at(board, 'dev').findings).toEqual([
      { kind: 'image-unprotected', message: expect.stringContaining('a lifecycle rule may expire it') },
    ])
  })

  it('starts deliver.yml once on a branch that is ready, and finds deployments that were left in progress', async () => {
    const { state, tokens } = github
    const sha = world.git('rev-parse', 'staging')
    Object.assign(state, { git: { ...state.git, refs: () => ({ 'refs/heads/staging': sha, 'refs/heads/main': sha }) } })
    state.workflows.push({ id: 5, path: '.github/workflows/deliver.yml', name: 'Deliver', inputs: {} })
    state.deployments.push(leftInProgress(sha))
    const token = tokens.forJob({ actions: 'write', deployments: 'read' })
    const env = { GITHUB_API_URL: github.url }
    const inputs = { dispatch: 'true', 'github-token': token, 'fail-on': 'never' }

    const dry = await world.reconcile({ ...inputs, 'dry-run': 'true' }, env)
    expect(dry.log).toContain('dry run: would start deliver.yml on staging: dev has verified exactly these digests')
    expect(dry.outputs).toMatchObject({ ready: '["staging"]', dispatched: '[]' })
    expect(state.dispatches).toEqual([])

    const step = await world.reconcile(inputs, env)
    expect(step).toMatchObject({ exitCode: 0, outputs: { ready: '["staging"]', dispatched: '["staging"]' } })
    expect(state.dispatches.map(({ workflow, ref }) => [workflow, ref])).toEqual([['deliver.yml', 'staging']])
    expect(at(boardOf(step.outputs), 'dev').findings).toContainEqual({
      kind: 'deployment',
      message: expect.stringContaining('GitHub shows deployment 77 of api to dev as in_progress since'),
    })
    expect(step.log).not.toContain(token)

    const run = { id: 1, path: '.github/workflows/deliver.yml', event: 'workflow_dispatch', head_branch: 'staging' }
    state.runs.push({ ...run, head_sha: sha, status: 'waiting', conclusion: null, created_at: '2026-11-20T08:00:00Z' })
    const again = await world.reconcile(inputs, env)
    expect(again.log).toContain('staging is ready and was not started: a run is waiting')
    expect(state.dispatches).toHaveLength(1)

    const [ours] = state.runs
    const ended = async (...jobs: [name: string, conclusion: string][]) => {
      Object.assign(ours ?? {}, { event: 'push', status: 'completed', conclusion: 'failure' })
      const of = ([name, conclusion]: [string, string], id: number) => ({
        id,
        run_id: 1,
        name,
        status: 'completed' as const,
        conclusion,
      })
      state.jobs = jobs.map(of)
      return (await world.reconcile({ ...inputs, 'dry-run': 'true' }, env)).log
    }
    const failed = 'staging is ready and was not started: its last run ended as failure'
    // A reviewer's no leaves no GitHub Deployment behind.
    expect(await ended(['Plan / Plan', 'success'], ['Deploy / Deploy', 'failure'])).toContain(failed)
    expect(await ended(['Plan / Plan', 'success'], ['Deploy', 'failure'], ['Propose the promotion', 'failure'])).toContain(failed)
    expect(await ended(['Plan / Plan', 'failure'])).toContain('dry run: would start deliver.yml on staging')

    const blind = await world.reconcile({ 'github-token': 'wrong', 'fail-on': 'never' }, env)
    expect(blind.log).toContain('::warning::GitHub Deployments of dev could not be read')
    expect(blind).toMatchObject({ exitCode: 0, outputs: { ready: '["staging"]' } })
  })

  it('ends red when somebody deployed past the record, and repairs nothing', async () => {
    await world.change('prod', 'api', second)
    const mark = world.cloud.recorder.mark()
    const step = await world.reconcile()
    expect(step).toMatchObject({ exitCode: 1, outputs: { drift: 'true' } })
    expect(step.log).toContain('::error::reconcile-delivery: drift: prod: api: ')
    expect(step.log).toContain('runs in 2 of 2 copies')
    expect(at(boardOf(step.outputs), 'prod').services[0]).toMatchObject({ state: 'drift', running: { [second]: 2 } })
    expect(writes(mark)).toEqual([])
    const green = await world.reconcile({ 'fail-on': 'never' })
    expect(green).toMatchObject({ exitCode: 0, outputs: { drift: 'true' } })
  })
})

const leftInProgress = (sha: string): GitHubState['deployments'][number] => {
  const created_at = new Date(Date.now() - 8 * 3_600_000).toISOString()
  const status = { id: 1, state: 'in_progress' as const, description: '', environment_url: '', log_url: '' }
  return {
    id: 77,
    sha,
    ref: sha,
    task: 'deploy',
    environment: 'dev',
    payload: { service: 'api' },
    description: null,
    transient_environment: false,
    production_environment: false,
    creator: 'octocat',
    created_at,
    statuses: [{ ...status, creator: 'octocat', created_at }],
  }
}
