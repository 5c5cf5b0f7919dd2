import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DescribeServicesCommand, DescribeTaskDefinitionCommand, ECSClient } from '@aws-sdk/client-ecs'
import { GetAliasCommand, GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { GetParameterCommand } from '@aws-sdk/client-ssm'
import type { Configuration } from '../../lib/delivery/configuration.ts'
import type { DeploymentPlan } from '../../lib/delivery/plan.ts'
import type { CloudFormationService } from '../../local/aws/cloudformation/service.ts'
import { cloudFormationService } from '../../local/aws/cloudformation/service.ts'
import { ecsService } from '../../local/aws/ecs/service.ts'
import { type FunctionScript, scriptedFunctions } from '../../local/aws/lambda/scripted.ts'
import { lambdaService } from '../../local/aws/lambda/service.ts'
import { type HostServices, hostServices } from '../../local/aws/ssm/host-services.ts'
import { type ScriptedHost, type ScriptedImages, scriptedHosts } from '../../local/aws/ssm/scripted-hosts.ts'
import { type Script, scriptedRuntime } from '../../local/containers/scripted.ts'
import { type RunningStep, type StepOptions, startAction } from '../../local/github/step.ts'
import { account, type CloudWorldOptions, region, startCloudWorld } from '../cloud-world.ts'
import { planOf, runUrl } from '../deploy-service.plan.ts'
import { answering } from '../lambda-world.ts'
import { handMade, hostGroup } from './hosts.ts'
import { configuration, plannedService } from './planned.ts'
import { synthesiseTo } from './synthesise.ts'
import { type Variant, writeAssembly } from './templates.ts'

const source = (action: string): string => new URL(`../../actions/${action}/src/main.ts`, import.meta.url).pathname
const TAGS = ['v1', 'v2', 'v3', 'bad'] as const

type Options = Pick<CloudWorldOptions, 'roles' | 'factor'> & {
  configuration?: Configuration
  /** From `infra/`, in the place of small templates of the same shape. */
  synthesised?: boolean
}

export type InfrastructureWorld = Awaited<ReturnType<typeof openInfrastructure>>

/** A dev account in which nothing is yet: CloudFormation, ECS, Lambda and hosts that come up with their group. */
export const openInfrastructure = async (end: (close: () => Promise<void>) => void, options: Options = {}) => {
  const folder = mkdtempSync(join(tmpdir(), 'infrastructure-'))
  const containers: Script = {}
  const functions: FunctionScript = {}
  const hosts: Record<string, ScriptedHost> = {}
  const images: ScriptedImages = {}
  let stacks: CloudFormationService | undefined
  let host: HostServices | undefined
  let ecsEngine: ReturnType<typeof ecsService> | undefined
  let lambdaEngine: ReturnType<typeof lambdaService> | undefined
  const worker = {
    arn: `arn:aws:iam::${account}:role/shop-dev-cloudformation`,
    trust: {
      Statement: { Effect: 'Allow' as const, Principal: { Service: 'cloudformation.amazonaws.com' }, Action: 'sts:AssumeRole' },
    },
  }
  const world = await startCloudWorld({
    factor: options.factor ?? 60,
    tags: TAGS,
    roles: options.roles ?? [worker],
    services: (core) => {
      const { time } = core
      ecsEngine = ecsService({ ...core, runtime: scriptedRuntime(containers, time) })
      lambdaEngine = lambdaService({ ...core, runtime: scriptedFunctions(functions, time) })
      host = hostServices({
        time,
        instances: [],
        documents: options.synthesised ? [] : [handMade],
        executor: scriptedHosts(time, hosts, images),
      })
      const { fleet } = host
      stacks = cloudFormationService({
        ...core,
        provisioners: {
          'AWS::AutoScaling::AutoScalingGroup': hostGroup(fleet, hosts, () => recorded('edge')),
        },
      })
      return [ecsEngine, lambdaEngine, lambdaEngine.cloudWatch, ...host.services, stacks]
    },
  })
  end(async () => {
    await Promise.all([ecsEngine?.stopAll(), lambdaEngine?.close(), host?.stopAll()])
    await world.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const digestOf = (tag: string): string => world.digests[tag] ?? ''
  for (const tag of TAGS)
    containers[digestOf(tag)] = (spec) => (spec.command?.[0] === 'migrate' ? { exitsWith: 0, exitsAfter: 100 } : {})
  containers[digestOf('bad')] = { startsAfter: 300_000, exitsWith: 1, exitsAfter: 100, logs: ['no database'] }
  for (const tag of TAGS) functions[digestOf(tag)] = answering(tag)
  const ecs = new ECSClient(world.config)
  const lambda = new LambdaClient(world.config)

  const parameter = async (name: string): Promise<string | undefined> =>
    (await world.ssm.send(new GetParameterCommand({ Name: `/shop/dev/${name}` })).catch(() => undefined))?.Parameter?.Value
  const recorded = async (service: string): Promise<string> => (await parameter(`${service}/image`)) ?? ''
  const tagOf = (image: string | undefined): string => TAGS.find((tag) => image?.includes(digestOf(tag).slice(7))) ?? 'nothing'

  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
      cwd: folder,
      encoding: 'utf8',
    }).trim()
  git('init', '-q', '-b', 'dev')
  writeFileSync(join(folder, 'delivery.json'), JSON.stringify(options.configuration ?? configuration))
  git('add', 'delivery.json')
  git('commit', '-q', '-m', 'configuration')
  const commit = git('rev-parse', 'HEAD')
  let assemblies = 0
  /** Writes a cloud assembly as `npm run synth` does; its path from the root of the repository. */
  const assembled = (write: (path: string) => void): string => {
    assemblies += 1
    const name = `assembly-${assemblies}`
    write(join(folder, name))
    return name
  }
  const assemble = (variant: Variant = {}): string => assembled((path) => writeAssembly(path, variant))
  /** The same by `infra/`. */
  const synth = (given: Configuration): string => assembled((path) => synthesiseTo(given, path))

  const env = (run: number) => ({
    ...world.env,
    GITHUB_RUN_ID: String(run),
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_ACTOR: 'mona',
    GITHUB_SERVER_URL: new URL(runUrl(run)).origin,
    GITHUB_WORKSPACE: folder,
    GITHUB_SHA: commit,
    GITHUB_REF: 'refs/heads/dev',
  })
  const start = (action: string, run: number, inputs: Record<string, string>, more: StepOptions = {}): RunningStep => {
    const common = { credentials: 'ambient', 'poll-interval': '500ms' }
    return startAction(action, { ...common, ...inputs }, { entry: source(action), ...more, env: { ...env(run), ...more.env } })
  }
  const infra = (run: number, inputs: Record<string, string>, more?: StepOptions): RunningStep =>
    start('deploy-infrastructure', run, { environment: 'dev', ...inputs }, more)

  return {
    ...world,
    stacks: stacks as CloudFormationService,
    containers,
    folder,
    parameter,
    assemble,
    synth,
    infra,
    /** The plan that `plan-delivery` makes of this project. */
    plan: (tag: string, services: readonly string[] = ['api', 'events', 'edge']): DeploymentPlan => ({
      ...planOf(tag),
      release: {
        commit: tag.padEnd(40, '0'),
        images: { app: { repository: world.imageOf(tag).split('@')[0] ?? '', tag, digest: digestOf(tag) } },
      },
      services: services.map(plannedService),
    }),
    startDelivery: (plan: DeploymentPlan, run: number, more: Record<string, string> = {}, options?: StepOptions): RunningStep =>
      start('deploy-service', run, { plan: JSON.stringify(plan), ...more }, options),
    /** What everything is at, once nothing moves: tags of the images, and states of the stacks. */
    observe: async () => {
      const { services = [] } = await ecs
        .send(new DescribeServicesCommand({ cluster: 'shop-dev', services: ['api'] }))
        .catch(() => ({ services: [] }))
      const [api] = services
      const definition = await ecs
        .send(new DescribeTaskDefinitionCommand({ taskDefinition: api?.taskDefinition ?? '' }))
        .catch(() => undefined)
      const code = async (Qualifier?: string): Promise<string> => {
        const found = await lambda
          .send(new GetFunctionCommand({ FunctionName: 'shop-dev-events', Qualifier }))
          .catch(() => undefined)
        return tagOf(found?.Code?.ImageUri)
      }
      const alias = await lambda
        .send(new GetAliasCommand({ FunctionName: 'shop-dev-events', Name: 'live' }))
        .catch(() => undefined)
      return {
        api: tagOf(definition?.taskDefinition?.containerDefinitions?.[0]?.image),
        count: api?.desiredCount,
        running: api?.runningCount,
        latest: await code(),
        live: alias === undefined ? 'nothing' : await code('live'),
        hosts: Object.values(hosts).map(({ active }) => tagOf(active?.image)),
        records: await Promise.all(['api', 'events', 'edge'].map(async (name) => tagOf(await recorded(name)))),
      }
    },
    /** Of the function: what infrastructure gave it, and what gets the traffic. */
    memory: async () => {
      const of = async (Qualifier?: string) =>
        (await lambda.send(new GetFunctionCommand({ FunctionName: 'shop-dev-events', Qualifier }))).Configuration?.MemorySize
      return { latest: await of(), live: await of('live') }
    },
    statuses: (): Record<string, string> =>
      Object.fromEntries(
        ['network', 'cluster', 'service-api', 'service-events', 'service-edge'].flatMap((content) => {
          const found = stacks?.stack(account, region, `shop-dev-${content}`)
          return found === undefined ? [] : [[content, found.status]]
        }),
      ),
  }
}
