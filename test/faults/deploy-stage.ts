import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PutParameterCommand } from '@aws-sdk/client-ssm'
import { releaseId } from '../../lib/delivery/records.ts'
import type { RunningStep, Step } from '../../local/github/step.ts'
import { type TargetName, targets } from '../behaviour/targets.ts'
import type { Nature, TargetWorld } from '../behaviour/world.ts'
import { account, region, registryAccount, repository } from '../cloud-world.ts'
import { deployObjections } from './deploy-objections.ts'
import { jobOf, requestToken, roleIn } from './identity.ts'
import { filesIn } from './leaks.ts'
import { type DeployState, observeServices } from './observe.ts'
import { FACTOR, quick, type Stage } from './stage.ts'

export type DeployScenario = {
  target: TargetName
  form: 'service' | 'plan'
  /** `api` alone where nothing is said; each depends on the one before. */
  services?: readonly string[]
  /** What the wanted image, `v2`, does in every service, and in the last one. */
  wanted?: Nature
  last?: Nature
  /** The content tag with which `v2` answers, where that is looked at. */
  answers?: string
  /** What is asked for and what runs before, where it is not `v2` after `v1`; `absent` is in no registry. */
  image?: 'absent'
  before?: 'v2'
  /** What happens as soon as the deployment is under way. */
  during?: 'cancel' | 'supersede'
  preDeploy?: true
  /** The services stand at 0, as before their first deployment. */
  first?: true
  /** `v2` stood recorded here before `v1`, and is to come back. */
  rollback?: true
  /** `v2` stands recorded, and is to be proven or brought back. */
  prove?: true
  /** The job has keys of the registry's account. */
  astray?: true
  /** Seconds that the deployment may take; 180 where nothing is said. */
  limit?: number
  inputs?: Record<string, string>
}

/** A stage, with what more can be seen of a deployment. */
export type DeployStage = Omit<Stage, 'conclude'> & {
  conclude(step: Step): Promise<{ state: DeployState; objections: string[] }>
  /** Calls that changed something since the stage was set. */
  writes(): string[]
  /** Of each image, by its tag. */
  digests: Record<string, string>
}

/** Services of a target that run `v1`, of which all are to run `v2`; the pre-deploy command is `migrate`. */
export const deployStage = async (scenario: DeployScenario): Promise<DeployStage> => {
  const {
    target,
    form,
    services: names = ['api'],
    wanted,
    last,
    answers,
    during,
    before = 'v1',
    astray,
    limit = 180,
    inputs = {},
  } = scenario
  const role = roleIn(account)
  const world = await targets[target]({
    factor: FACTOR,
    limit,
    roles: [role],
    checked: answers !== undefined || wanted === 'unhealthy',
  })
  for (const name of names) await world.createService(name, before, scenario.first ? 0 : undefined)
  if (wanted) world.act('v2', wanted)
  if (last) world.act('v2', last, names.at(-1))
  if (answers) world.answerAs('v2', answers)
  const absent = `sha256:${'0'.repeat(64)}`
  const image = scenario.image === 'absent' ? `${repository}@${absent}` : world.imageOf('v2')

  if (scenario.prove) await recordNewest(world, names)
  const goesBack = scenario.rollback ? { kind: 'rollback', reason: 'it was wrong', rejects: await recordBoth(world, names) } : {}
  const base = mkdtempSync(join(tmpdir(), 'fault-'))
  const folders = { HOME: join(base, 'home'), RUNNER_TEMP: join(base, 'temporary') }
  for (const folder of Object.values(folders)) mkdirSync(folder)
  const secrets: string[] = []
  const limits = { timeout: `${limit}s`, 'request-timeout': '2s', 'poll-interval': '500ms' }
  const plan = { ...planOf(world, scenario, names, role.arn, image.split('@')[1] ?? ''), ...goesBack }
  const given =
    form === 'plan'
      ? // The clock runs fast and requests do not: a lease of usual length would not outlast one that hangs.
        {
          plan: JSON.stringify(plan),
          'lease-duration': '1h',
          ...(scenario.prove && { operation: 'prove' }),
          ...(astray && { credentials: 'ambient' }),
        }
      : {
          ...world.inputs('api', 'v2'),
          image,
          'aws-account-id': account,
          'aws-region': region,
          ...(astray ? {} : { 'role-to-assume': role.arn }),
        }
  const mark = world.cloud.recorder.mark()

  return {
    cloud: world.cloud,
    start: (attempt, state): RunningStep => {
      const job = jobOf(world.cloud, attempt)
      secrets.push(requestToken(job))
      const env = { ...job, ...(astray && keysOf(world, registryAccount)), ...folders, ...quick }
      const running = world.startDeploy({ ...given, ...limits, ...inputs }, { env, ...(state && { state }) })
      if (during !== undefined && state === undefined) interrupt(world, running, during)
      return running
    },
    conclude: async (step) => {
      const state = await observeServices(world, names)
      const meant = { superseded: during === 'supersede', dry: inputs['dry-run'] === 'true', proven: scenario.prove === true }
      return { state, objections: deployObjections(world, mark, step, state, meant) }
    },
    writes: () => world.writes(mark),
    digests: world.digests,
    secrets: () => [...secrets, ...world.planted(), ...world.cloud.secrets()],
    traces: () => Object.values(folders).flatMap(filesIn),
    close: async () => {
      await world.close()
      rmSync(base, { recursive: true, force: true })
    },
  }
}

const interrupt = (world: TargetWorld, running: RunningStep, during: 'cancel' | 'supersede'): void => {
  const act = async (): Promise<void> => {
    if (during === 'cancel') running.process.kill('SIGINT')
    else await world.deployElsewhere('api', 'v3')
  }
  world.underWay(running).then(act, () => undefined)
}

const keysOf = ({ cloud }: TargetWorld, of: string): Record<string, string> => {
  const { accessKeyId, secretAccessKey } = cloud.adminKey(of)
  return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
}

/** What a delivery of `v2` has left, before something else put `v1` in its place. */
const recordNewest = async (world: TargetWorld, names: readonly string[]): Promise<void> => {
  await recordBoth(world, names, ['v2'])
  for (const name of names) {
    const record = { Name: `/shop/dev/${name}/image`, Value: world.imageOf('v2'), Type: 'String', Overwrite: true } as const
    await world.ssm.send(new PutParameterCommand(record))
  }
}

/** The id of the release that stands, the last of these; by default `v1` after `v2`. */
const recordBoth = async (world: TargetWorld, names: readonly string[], recorded = ['v2', 'v1']): Promise<string> => {
  let previous = ''
  for (const tag of recorded) {
    const images = { app: { digest: world.digests[tag] ?? '', tag: `src-${tag.slice(1)}` } }
    const services = Object.fromEntries(names.map((name) => [name, 'app']))
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

const planOf = (
  world: TargetWorld,
  { preDeploy }: DeployScenario,
  names: readonly string[],
  role: string,
  digest: string,
): object => ({
  version: 1,
  project: 'shop',
  environment: 'dev',
  account,
  region,
  role,
  branch: 'dev',
  kind: 'first',
  release: { commit: 'c'.repeat(40), images: { app: { repository, tag: 'src-2', digest } } },
  services: names.map((name, index) => ({
    ...world.planned(name),
    name,
    image: 'app',
    dependsOn: names.slice(0, index),
    ...(preDeploy && world.preDeploy && index === 0 && { preDeploy: ['migrate'] }),
  })),
})
