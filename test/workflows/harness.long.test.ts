import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runWorkflow } from './run.ts'
import { startWorkflowWorld, type WorkflowWorld } from './world.ts'

const CHECKOUT = 'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1'

const top = `
name: Fixture
on:
  push: { branches: [dev] }
  workflow_dispatch: { inputs: { wanted: { type: boolean, default: true } } }
permissions: {}
concurrency: { group: 'x-\${{ github.run_id }}', cancel-in-progress: false }
jobs:
  decide:
    name: Decide
    uses: ./.github/workflows/_decide.yml
    permissions: { contents: read, id-token: write }
    with: { text: 'a \${{ github.ref_name }}' }
  skipped:
    needs: decide
    if: needs.decide.outputs.build == 'true'
    runs-on: ubuntu-24.04
    steps: [{ run: exit 1 }]
  each:
    needs: decide
    strategy: { matrix: { image: '\${{ fromJSON(needs.decide.outputs.images) }}' } }
    runs-on: ubuntu-24.04
    permissions: { contents: read }
    steps:
      - uses: ${CHECKOUT}
      - uses: ./show
        with: { token: '\${{ github.token }}' }
  after:
    needs: [decide, skipped]
    if: '!cancelled()'
    uses: ./.github/workflows/_act.yml
    permissions: { contents: read, id-token: write, deployments: write }
    with: { environment: '\${{ needs.decide.outputs.environment }}' }
  chained:
    needs: after
    runs-on: ubuntu-24.04
    steps: [{ run: exit 1 }]
`
const decide = `
name: Decide
on:
  workflow_call:
    inputs: { text: { type: string } }
    outputs:
      build: { value: '\${{ jobs.decide.outputs.build }}' }
      images: { value: '\${{ jobs.decide.outputs.images }}' }
      environment: { value: '\${{ jobs.decide.outputs.environment }}' }
permissions: {}
jobs:
  decide:
    runs-on: ubuntu-24.04
    permissions: { contents: read, id-token: write }
    outputs:
      build: \${{ steps.it.outputs.build }}
      images: \${{ steps.it.outputs.images }}
      environment: \${{ steps.it.outputs.environment }}
    steps:
      - uses: ${CHECKOUT}
        with: { fetch-depth: 0 }
      - uses: ./show
      - id: it
        env: { TEXT: '\${{ inputs.text }}' }
        run: |
          git log --oneline --all | wc -l
          echo "text is $TEXT"
          printf 'build=false\\nimages=["one","two"]\\nenvironment=staging\\n' >> "$GITHUB_OUTPUT"
          echo '# Decided' >> "$GITHUB_STEP_SUMMARY"
`
const carryOut = `
name: Act
on: { workflow_call: { inputs: { environment: { type: string } } } }
permissions: {}
jobs:
  act:
    runs-on: ubuntu-24.04
    environment:
      name: \${{ inputs.environment }}
      deployment: false
    permissions: { contents: read, id-token: write, deployments: write }
    steps:
      - uses: ${CHECKOUT}
      - uses: ./show
        with: { token: '\${{ github.token }}' }
`
const show = `
const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer, INPUT_TOKEN: token } = process.env
const claims = async () => {
  const answer = await fetch(url + '&audience=x', { headers: { authorization: 'bearer ' + bearer } })
  return JSON.parse(Buffer.from((await answer.json()).value.split('.')[1], 'base64url'))
}
const ask = async (path, init = {}) =>
  (await fetch(process.env.GITHUB_API_URL + path, { ...init, headers: { authorization: 'bearer ' + token } })).status
const { GITHUB_JOB: job, GITHUB_RUN_ID: run, GITHUB_REF: ref } = process.env
const deployments = token ? await ask('/repos/acme/shop/deployments', { method: 'POST', body: '{"ref":"dev","auto_merge":false}' }) : 0
console.log('SHOWN ' + JSON.stringify({ job, run, ref, deployments, ...(url && { claims: await claims() }) }))
`

const files = {
  '.github/workflows/fixture.yml': top,
  '.github/workflows/_decide.yml': decide,
  '.github/workflows/_act.yml': carryOut,
  'show/action.yml':
    'name: Show\ndescription: x\ninputs: { token: { description: x } }\nruns: { using: node24, main: main.mjs }\n',
  'show/main.mjs': show,
}

const shown = (log: string) => [...log.matchAll(/^SHOWN (.*)$/gm)].map(([, text = '']) => JSON.parse(text))

let world: WorkflowWorld
beforeAll(async () => {
  world = await startWorkflowWorld({ files, withoutActions: true })
})
afterAll(() => world?.close())

describe('a run of workflow files that nobody changed', () => {
  test('needs, outputs, called workflows, matrix, and an identity only where it is granted', async () => {
    const run = await runWorkflow(world, { file: 'fixture.yml', event: 'push', branch: 'dev' })
    expect(run.jobs).toEqual({ decide: 'success', skipped: 'skipped', each: 'success', after: 'success', chained: 'skipped' })
    expect(run.outputs['decide']).toEqual({ build: 'false', images: '["one","two"]', environment: 'staging' })
    expect(run.summaries).toContain('# Decided')
    expect(run.log).toContain('text is a dev')
    const [decided, ...others] = shown(run.log)
    expect(decided).toMatchObject({
      job: 'decide',
      run: String(run.runId),
      ref: 'refs/heads/dev',
      claims: {
        sub: 'repo:acme@1/shop@2:ref:refs/heads/dev',
        job_workflow_ref: 'acme/shop/.github/workflows/_decide.yml@refs/heads/dev',
        run_id: String(run.runId),
      },
    })
    const each = others.filter(({ job }) => job === 'each')
    expect(each.map(({ claims, deployments }) => [claims, deployments])).toEqual([
      [undefined, 403],
      [undefined, 403],
    ])
    expect(others.find(({ job }) => job === 'act')).toMatchObject({
      deployments: 201,
      claims: { environment: 'staging', sub: 'repo:acme@1/shop@2:environment:staging' },
    })
  })

  test('one that asks for more than the calling job has is refused before it starts', async () => {
    const more = top.replace('id-token: write, deployments: write', 'deployments: write')
    world.scratch.commit('dev', { '.github/workflows/fixture.yml': more })
    await expect(runWorkflow(world, { file: 'fixture.yml', event: 'push', branch: 'dev' })).rejects.toThrow(
      "_act.yml is not valid: it requests 'id-token: write', which the calling job does not have",
    )
    world.scratch.commit('dev', { '.github/workflows/fixture.yml': top })
  })

  test('a label that act does not know is a failure, not a job less', async () => {
    world.scratch.commit('dev', { '.github/workflows/fixture.yml': top.replaceAll('ubuntu-24.04', 'ubuntu-26.04') })
    await expect(runWorkflow(world, { file: 'fixture.yml', event: 'push', branch: 'dev' })).rejects.toThrow(
      'Fixture/each-1 has no result',
    )
  })
})
