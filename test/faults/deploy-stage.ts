import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PutParameterCommand } from '@aws-sdk/client-ssm'
import { releaseId } from '../../lib/delivery/records.ts'
import type { ScriptedContainer } from '../../local/containers/scripted.ts'
import type { RunningStep } from '../../local/github/step.ts'
import { account, region, repository, startWorld, type World } from '../world.ts'
import { deployObjections } from './deploy-objections.ts'
import { jobOf, requestToken, roleIn } from './identity.ts'
import { filesIn } from './leaks.ts'
import { observeServices } from './observe.ts'
import { FACTOR, quick, type Stage } from './stage.ts'

export type DeployScenario = {
  form: 'service' | 'plan'
  /** What the wanted image does, by the command that the task definition or the pre-deploy step gives. */
  wanted?: (command: string | undefined) => ScriptedContainer
  /** Send SIGINT as soon as a line with this text is printed. */
  cancelAt?: string
  inputs?: Record<string, string>
  /** `v2` stood recorded here before `v1`, and is to come back. */
  rollback?: true
}

const CONTAINER_SECRET = 'container-s3cr3t-in-plain-sight'
const LOG_SECRET = 'log-driver-s3cr3t-in-plain-sight'
const SERVICES = ['api', 'worker']

/** Two services that run `v1`, of which one or both are to run `v2`; the wanted image's pre-deploy command is `migrate`. */
export const deployStage = async ({
  form,
  wanted = () => ({}),
  cancelAt,
  inputs = {},
  rollback,
}: DeployScenario): Promise<Stage> => {
  const role = roleIn(account)
  const world = await startWorld({ factor: FACTOR, images: { v1: {}, v2: {} }, roles: [role], logDelay: 0 })
  world.script[world.digests['v2'] ?? ''] = ({ command }) =>
    command?.[0] === 'migrate' ? { exitsWith: 0, exitsAfter: 100, logs: ['migrated'] } : wanted(command?.[0])
  const names = form === 'plan' ? SERVICES : ['api']
  for (const name of names) {
    await world.createService(
      name,
      'v1',
      {},
      {
        command: [name],
        environment: [{ name: 'PASSWORD', value: CONTAINER_SECRET }],
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            'awslogs-group': `/shop/${name}`,
            'awslogs-region': region,
            'awslogs-stream-prefix': 'ecs',
            'splunk-token': LOG_SECRET,
          },
        },
      },
    )
  }
  const plan = planOf(role.arn, world.digests['v2'] ?? '')
  const goesBack = rollback ? { kind: 'rollback', reason: 'it was wrong', rejects: await recordBoth(world) } : {}
  const base = mkdtempSync(join(tmpdir(), 'fault-'))
  const folders = { HOME: join(base, 'home'), RUNNER_TEMP: join(base, 'temporary') }
  for (const folder of Object.values(folders)) mkdirSync(folder)
  const secrets = [CONTAINER_SECRET, LOG_SECRET]
  const limits = { timeout: '3m', 'request-timeout': '2s', 'poll-interval': '500ms' }
  const given =
    form === 'plan'
      ? // The clock runs fast and requests do not: a lease of usual length would not outlast one that hangs.
        { plan: JSON.stringify({ ...plan, ...goesBack }), 'lease-duration': '1h', ...limits, ...inputs }
      : world.inputs('api', 'v2', { 'role-to-assume': role.arn, ...limits, ...inputs })
  const mark = world.cloud.recorder.mark()

  return {
    cloud: world.cloud,
    start: (attempt, state): RunningStep => {
      const job = jobOf(world.cloud, attempt)
      secrets.push(requestToken(job))
      const running = world.startDeploy(given, {
        env: { ...job, ...folders, ...quick },
        ...(state && { state }),
      })
      if (cancelAt !== undefined && state === undefined) {
        running.printed(cancelAt).then(
          () => running.process.kill('SIGINT'),
          () => undefined,
        )
      }
      return running
    },
    conclude: async (step) => {
      const state = await observeServices(world, names)
      return { state, objections: deployObjections(world, mark, step, state) }
    },
    secrets: () => [...secrets, ...world.cloud.secrets()],
    traces: () => Object.values(folders).flatMap(filesIn),
    close: async () => {
      await world.close()
      rmSync(base, { recursive: true, force: true })
    },
  }
}

/** The id of the release that stands, with `v1`; the one before it had `v2`. */
const recordBoth = async (world: World): Promise<string> => {
  let previous = ''
  for (const tag of ['v2', 'v1']) {
    const images = { app: { digest: world.digests[tag] ?? '', tag: `src-${tag.slice(1)}` } }
    const services = Object.fromEntries(SERVICES.map((name) => [name, 'app']))
    const author = { commit: 'c'.repeat(40), run: 'https://github.com/acme/shop/actions/runs/7', actor: 'mona' }
    const release = releaseId(images, services)
    const rest = { verifiedAt: '2026-11-01T08:00:00.000Z', rejected: [], ...(previous !== '' && { previous }) }
    const Value = JSON.stringify({ release, images, services, ...author, ...rest })
    const command = new PutParameterCommand({ Name: '/shop/dev/release', Value, Type: 'String', Overwrite: true })
    await world.ssm.send(command)
    previous = release
  }
  return previous
}

const planOf = (role: string, digest: string): object => ({
  version: 1,
  project: 'shop',
  environment: 'dev',
  account,
  region,
  role,
  branch: 'dev',
  kind: 'first',
  release: { commit: 'c'.repeat(40), images: { app: { repository, tag: 'src-2', digest } } },
  services: SERVICES.map((name, index) => ({
    target: 'ecs',
    name,
    image: 'app',
    dependsOn: SERVICES.slice(0, index),
    cluster: 'shop',
    service: name,
    container: 'app',
    count: 2,
    ...(index === 0 && { preDeploy: ['migrate'] }),
  })),
})
