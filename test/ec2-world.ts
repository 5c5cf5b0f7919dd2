import { deploy, inspect } from '../actions/deploy-service/src/deploy.ts'
import type { Ec2Place } from '../actions/deploy-service/src/place.ts'
import { deployRelease } from '../actions/deploy-service/src/release.ts'
import type { DeployTools, Limits, ServiceResult } from '../actions/deploy-service/src/request.ts'
import type { Deployment, DeploymentTarget } from '../actions/deploy-service/src/target.ts'
import { targetOf } from '../actions/deploy-service/src/targets.ts'
import { requestLimits } from '../lib/aws/request-limits.ts'
import type { ClientConfig, Session } from '../lib/aws/session.ts'
import { hostDocument } from '../lib/host/document.ts'
import { systemClock } from '../lib/runner/clock.ts'
import { type HostServices, hostServices } from '../local/aws/ssm/host-services.ts'
import { type ScriptedHost, type ScriptedImages, scriptedHosts } from '../local/aws/ssm/scripted-hosts.ts'
import type { RunningStep } from '../local/github/step.ts'
import { account, type CloudWorldOptions, region, registryAccount, startCloudWorld } from './cloud-world.ts'

export type Ec2World = Awaited<ReturnType<typeof startEc2World>>

type Ec2WorldOptions = Omit<CloudWorldOptions, 'services'> & {
  /** Ids of the hosts; all of them run the image `v1`. */
  hosts?: readonly string[]
}

export const IDS = ['i-0000000a', 'i-0000000b', 'i-0000000c']
const registryHost = `${registryAccount}.dkr.ecr.${region}.amazonaws.com`

/** Scripted hosts with the tag `service=edge` and the on-host program's document, and deployments to them: in this process, or as an action. */
export const startEc2World = async ({ hosts: ids = IDS, tags = ['v1', 'v2', 'v3'], ...options }: Ec2WorldOptions = {}) => {
  const hosts: Record<string, ScriptedHost> = {}
  const images: ScriptedImages = {}
  let host: HostServices | undefined
  const world = await startCloudWorld({
    ...options,
    tags,
    factor: options.factor ?? 100,
    services: ({ time }) => {
      host = hostServices({
        time,
        instances: ids.map((instanceId) => ({ account, region, instanceId, tags: { service: 'edge' } })),
        documents: [{ account, region, name: 'shop-dev-deploy', content: hostDocument(registryHost) }],
        executor: scriptedHosts(time, hosts, images),
      })
      return host.services
    },
  })
  const { fleet, documents, stopAll } = host as HostServices
  const placed = (tag: string, release = `1-1-${world.digests[tag]?.slice(7, 19)}`) => ({ release, image: world.imageOf(tag) })
  // One image has been brought to hosts by several runs, and by the start of a host.
  const [first = '', second] = ids
  for (const id of ids) hosts[id] = { active: placed('v1', 'none') }
  hosts[first] = { active: placed('v1') }
  if (second) hosts[second] = { active: placed('v1', `2-1-${world.digests['v1']?.slice(7, 19)}`) }

  const key = world.config.credentials
  const config = {
    ...world.config,
    credentials: async () => ({ ...key, sessionToken: '', expiration: new Date(Date.now() + 3_600_000) }),
    requestHandler: requestLimits(2_000),
  }
  const session: Session = {
    account,
    region,
    requestTimeout: 5_000,
    guard: async () => undefined,
    client: <C>(Client: new (config: ClientConfig) => C): C => new Client(config),
    clientWithoutRetry: <C>(Client: new (config: ClientConfig) => C): C => new Client({ ...config, maxAttempts: 1 }),
  }
  const place: Ec2Place = { kind: 'ec2', tag: { key: 'service', value: 'edge' }, document: 'shop-dev-deploy', service: 'edge' }
  const inputs = (tag: string, more: Record<string, string> = {}): Record<string, string> => ({
    target: 'ec2',
    hosts: 'service=edge',
    document: 'shop-dev-deploy',
    service: 'edge',
    image: world.imageOf(tag),
    'aws-account-id': account,
    'aws-region': region,
    'poll-interval': '500ms',
    ...more,
  })
  return {
    ...world,
    /** The instances, which may be changed and added to. */
    fleet,
    documents,
    hosts,
    /** What an image does on a host, by digest. */
    images,
    placed,
    script: (tag: string, behaviour: ScriptedImages[string]): void => {
      images[world.digests[tag] ?? ''] = behaviour
    },
    /** Another host comes up, as boot leaves it: with the image `v1`. */
    launch: (instanceId: string, more: object = {}): void => {
      hosts[instanceId] = { active: placed('v1', 'boot') }
      fleet.add({ account, region, instanceId, tags: { service: 'edge' }, ...more })
    },
    /** Tag of what each host runs. */
    runs: (): Record<string, string> =>
      Object.fromEntries(
        Object.entries(hosts).map(([id, { active }]) => [
          id,
          tags.find((tag) => world.imageOf(tag) === active?.image) ?? 'nothing',
        ]),
      ),
    /** Operations that were sent, and to which hosts. */
    sent: (since = 0): string[] =>
      world.cloud.recorder.calls({ since }).flatMap(({ operation, input }) => {
        if (operation !== 'SendCommand') return []
        const { Parameters = {}, InstanceIds = [] } = input as { Parameters?: Record<string, string[]>; InstanceIds?: string[] }
        return [`${Parameters['Operation']?.[0]} ${InstanceIds.map((id) => id.slice(-1)).join('')}`]
      }),
    inputs,
    start: (given: Record<string, string>, env: Record<string, string> = {}, state: Record<string, string> = {}): RunningStep =>
      world.startDeploy(given, {
        state,
        env: { GITHUB_RUN_ID: '7', GITHUB_RUN_ATTEMPT: '1', GITHUB_REPOSITORY: 'acme/shop', ...env },
      }),
    /** A deployment in this process, as the action makes it, without its registry. */
    bring: async (
      tag: string,
      more: Bringing = {},
    ): Promise<ServiceResult & { log: string[]; started: Deployment[]; target: DeploymentTarget }> => {
      const { signal = new AbortController().signal, run = '7 1', over = {}, limits = {}, pollInterval = 20 } = more
      const log: string[] = []
      const say = (line: string): void => {
        log.push(line)
        more.onLine?.(line)
      }
      const tools = {
        clock: systemClock,
        pollInterval,
        log: { info: say, notice: say, warning: say, error: say, group: <T>(_: string, work: () => Promise<T>) => work() },
      }
      const target = await targetOf({ ...place, ...over }, session, tools, run)
      const wanted = [{ image: world.imageOf(tag), digest: world.digests[tag] ?? '' }]
      const preDeploy = more.preDeploy && { preDeploy: more.preDeploy }
      const request = { name: 'edge', target, wanted, dependsOn: [], allowZero: false, ...preDeploy }
      const all: Limits = {
        timeout: 30_000,
        failFast: 2,
        inProgress: 'supersede',
        requestTimeout: 5_000,
        smokeTimeout: 1_000,
        ...limits,
      }
      const inspected = await inspect(request, all)
      const started: Deployment[] = []
      const onStarted = (_: string, deployment: Deployment) => started.push(deployment)
      const tellers: DeployTools = { ...tools, aliases: new Map(), onStarted }
      const release = { ...all, onFailure: 'rollback-release' as const, dryRun: false }
      const result = preDeploy
        ? ((await deployRelease([inspected], release, tellers, signal))[0] as ServiceResult)
        : await deploy(inspected, all, tellers, signal)
      return { ...result, log, started, target }
    },
    close: async () => {
      await stopAll()
      await world.close()
    },
  }
}

type Bringing = {
  signal?: AbortSignal
  run?: string
  over?: Partial<Ec2Place>
  limits?: Partial<Limits>
  pollInterval?: number
  preDeploy?: readonly string[]
  onLine?: (line: string) => void
}
