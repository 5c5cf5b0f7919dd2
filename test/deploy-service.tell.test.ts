import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PutParameterCommand } from '@aws-sdk/client-ssm'
import { test } from 'vitest'
import type { DeploymentPlan } from '../lib/delivery/plan.ts'
import { idOf, planOf, runPlan, runUrl, startPlan } from './deploy-service.plan.ts'
import { openWorld, type World, type WorldOptions } from './world.ts'

const CRASH = { exitsWith: 3, exitsAfter: 200, logs: ['no <database> & no queue'] }
const SERVICES = { services: [{ name: 'api', url: 'https://api.example.org' }] }

type End = (close: () => Promise<void>) => void

const start = async (end: End, images: WorldOptions['images'] = {}, factor = 20): Promise<{ world: World; commit: string }> => {
  const world = await openWorld(end, { factor, images: { v1: {}, v2: {}, bad: CRASH, ...images } })
  await world.createService('api', 'v1')
  return { world, commit: world.git.add('dev') }
}

const told = (
  world: World,
  plan: DeploymentPlan,
  run: number,
  more: Record<string, string> = {},
  permission: 'read' | 'write' = 'write',
) => {
  const token = world.cloud.github.tokens.forJob({ deployments: permission })
  const address = { GITHUB_API_URL: world.cloud.github.url }
  return startPlan(world, plan, run, { 'github-token': token, ...more }, address)
}

const states = (world: World, id: number | undefined): string[] =>
  world.cloud.github.state.deployments.find((each) => each.id === id)?.statuses.map(({ state }) => state) ?? []

test.concurrent('each service has a GitHub Deployment with digest, content tag and release, made before the first write', async ({
  expect,
  onTestFinished,
}) => {
  const { world, commit } = await start(onTestFinished)
  await told(world, planOf('v1', { ...SERVICES, commit }), 1).done
  const running = told(world, planOf('v2', { ...SERVICES, commit }), 2)
  await running.printed('started ecs-svc/')
  const [first, second] = world.cloud.github.state.deployments
  expect(states(world, second?.id)).toEqual(['in_progress'])
  expect((await running.done).exitCode).toBe(0)
  expect(second).toMatchObject({
    sha: commit,
    environment: 'dev',
    production_environment: false,
    transient_environment: false,
    payload: {
      service: 'api',
      digest: world.digests['v2'],
      tag: 'v2',
      release: idOf(world, 'v2'),
      kind: 'first',
    },
  })
  expect(second?.statuses.at(-1)).toMatchObject({
    state: 'success',
    description: 'succeeded',
    environment_url: 'https://api.example.org',
    log_url: runUrl(2),
  })
  expect(states(world, first?.id)).toEqual(['in_progress', 'success', 'inactive'])
})

test.concurrent('a failed deployment is one on GitHub too, with the cause in 140 characters', async ({
  expect,
  onTestFinished,
}) => {
  const { world, commit } = await start(onTestFinished)
  const step = await told(world, planOf('bad', { ...SERVICES, commit }), 1).done
  expect(step.outputs['outcome']).toBe('failed-rolled-back')
  const [deployment] = world.cloud.github.state.deployments
  expect(deployment?.statuses.at(-1)).toMatchObject({
    state: 'failure',
    description: expect.stringMatching(/^failed-rolled-back: .*exited with 3/),
  })
  expect([...(deployment?.statuses.at(-1)?.description ?? '')].length).toBeLessThanOrEqual(140)
})

test.concurrent('trouble with GitHub is a warning', async ({ expect, onTestFinished }) => {
  const { world, commit } = await start(onTestFinished)
  const step = await told(world, planOf('v2', { commit }), 1, {}, 'read').done
  expect(step.outputs['outcome']).toBe('succeeded')
  expect(step.log).toContain('::warning::GitHub does not hear of this deployment: ')
})

test.concurrent('a killed run leaves no deployment under way: its post step ends it', async ({ expect, onTestFinished }) => {
  const { world, commit } = await start(onTestFinished, { v2: { startsAfter: 600_000 } }, 10)
  const running = told(world, planOf('v2', { commit }), 1)
  await running.printed('started ecs-svc/')
  running.process.kill('SIGKILL')
  const { state } = await running.done
  const token = world.cloud.github.tokens.forJob({ deployments: 'write' })
  const plan = JSON.stringify(planOf('v2', { commit }))
  const env = { GITHUB_API_URL: world.cloud.github.url, GITHUB_REPOSITORY: 'acme/shop', GITHUB_RUN_ID: '1' }
  const post = await world.deploy({ plan, credentials: 'ambient', 'github-token': token }, { state, env })
  expect(post.exitCode).toBe(0)
  expect(states(world, world.cloud.github.state.deployments[0]?.id)).toEqual(['in_progress', 'inactive'])
})

/** A webhook that answers with that status, or never. */
const inbox = async (end: End, answer: number | 'never'): Promise<{ address: string; texts: string[] }> => {
  const texts: string[] = []
  const slack = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      texts.push(JSON.parse(body).text)
      if (answer !== 'never') response.writeHead(answer).end('no_service')
    })
  })
  await new Promise<void>((resolve) => slack.listen(0, '127.0.0.1', resolve))
  end(async () => {
    slack.closeAllConnections()
    slack.close()
  })
  return { address: `http://127.0.0.1:${(slack.address() as AddressInfo).port}/services/T0/B0/s3cr3t-webhook`, texts }
}

const withSlack = async (world: World, address: string): Promise<DeploymentPlan> => {
  const given = { Name: '/shop/dev/slack', Value: address, Type: 'SecureString', Overwrite: true } as const
  await world.ssm.send(new PutParameterCommand(given))
  return planOf('bad', { slack: given.Name })
}

test.concurrent.for([200, 404, 'never'] as const)(
  'Slack, answering %s, hears of a red end once, with cause and link',
  async (answer, { expect, onTestFinished }) => {
    const { world } = await start(onTestFinished)
    const { address, texts } = await inbox(onTestFinished, answer)
    const step = await runPlan(world, await withSlack(world, address), 7, { 'request-timeout': '1s' })
    expect(step.outputs['outcome']).toBe('failed-rolled-back')
    expect(texts).toHaveLength(1)
    expect(texts[0]).toContain('*shop in dev*: api failed-rolled-back')
    expect(texts[0]).toContain("container 'app' exited with 3")
    expect(texts[0]).toContain(`<${runUrl(7)}|See the run>`)
    const log = step.log.replaceAll(/^::add-mask::.*$/gm, '')
    for (const text of [log, step.summary, JSON.stringify(step.outputs)]) expect(text).not.toContain('s3cr3t-webhook')
    if (answer !== 200) expect(log).toContain('::warning::Slack was not told: Slack ')
  },
)

test.concurrent('a refusal is told too, a success is not, and no other address than that of Slack is ever asked', async ({
  expect,
  onTestFinished,
}) => {
  const { world } = await start(onTestFinished)
  const { address, texts } = await inbox(onTestFinished, 200)
  const { slack: name = '' } = await withSlack(world, address)
  await runPlan(world, planOf('v2', { slack: name }), 1)
  expect(texts).toEqual([])
  await runPlan(world, planOf('gone', { slack: name }), 2)
  expect(texts[0]).toContain('*shop in dev*: refused')
  await withSlack(world, 'https://example.org/hook')
  const elsewhere = await runPlan(world, planOf('gone', { slack: name }), 3)
  expect(elsewhere.log).toContain('the value of /shop/dev/slack is at example.org, which is not Slack')
})

test.concurrent('a promotion that was approved after its environment before rolled the release back is refused', async ({
  expect,
  onTestFinished,
}) => {
  const { world, commit } = await start(onTestFinished)
  await told(world, planOf('v1', { ...SERVICES, commit }), 1).done
  const [brought] = world.cloud.github.state.deployments
  const [status] = brought?.statuses ?? []
  if (brought === undefined || status === undefined) throw new Error('GitHub was not told')
  const rejects = idOf(world, 'v2')
  const payload = { service: 'api', digest: `sha256:${'0'.repeat(64)}`, tag: 'v0', release: 'rel-0', kind: 'rollback', rejects }
  const back = { ...brought, id: 900, environment: 'qa', payload, statuses: [{ ...status, id: 901, state: 'success' as const }] }
  world.cloud.github.state.deployments.push(back)
  const mark = world.cloud.recorder.mark()
  const promotion = planOf('v2', { ...SERVICES, commit, kind: 'promotion', from: 'qa' })
  const step = await told(world, promotion, 2).done
  expect(step.outputs).toMatchObject({ outcome: 'refused' })
  expect(step.outputs['reason']).toContain(`qa has rolled ${rejects} back since this was planned`)
  expect(world.writes(mark).filter((call) => call !== 'ssm:PutParameter')).toEqual([])
  back.payload = { ...payload, rejects: 'rel-of-another' }
  expect((await told(world, promotion, 3).done).outputs['outcome']).toBe('succeeded')
})
