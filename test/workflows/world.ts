import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GetParameterHistoryCommand, SSMClient } from '@aws-sdk/client-ssm'
import { infrastructureNames } from '../../lib/delivery/names.ts'
import { type Release, recordNames } from '../../lib/delivery/records.ts'
import { type CloudFormationService, cloudFormationService } from '../../local/aws/cloudformation/service.ts'
import { type ScriptedHost, scriptedHosts } from '../../local/aws/ssm/scripted-hosts.ts'
import type { Cloud, CloudCore } from '../../local/cloud.ts'
import type { Script } from '../../local/containers/scripted.ts'
import { createInfrastructure } from '../../local/demo/infrastructure.ts'
import { openLocalCloud } from '../../local/demo/local-cloud.ts'
import { type EnvironmentSetting, readSetting, type ServiceSetting, type Setting } from '../../local/demo/setting.ts'
import type { Engine } from '../../local/engine/engine.ts'
import { bareRepository } from '../../local/github/api/bare-repository.ts'
import type { GitHubState } from '../../local/github/api/state.ts'
import { putImage } from '../images.ts'
import { bundles } from './bundles.ts'
import { type Containers, realContainers, scriptedContainers } from './containers.ts'
import { readDefinitions } from './definition.ts'
import { type DeliveryFile, deliveryFile } from './delivery-file.ts'
import { npmStandIn } from './npm-stand-in.ts'
import { createScratch, type Files, type Scratch } from './scratch.ts'
import { taggedFunctions } from './tagged-functions.ts'

const root = join(import.meta.dirname, '..', '..')

export type WorldOptions = {
  edit?: (delivery: DeliveryFile) => void
  files?: Files
  /** For workflows that use no action of ours. */
  withoutActions?: boolean
  /** Some seconds less a deployment. */
  withoutPreDeploy?: boolean
  /** Targets whose services are kept; those of ECS alone without it, as each more takes its time. */
  targets?: readonly string[]
  /** Nothing is there: CloudFormation makes it from what the CDK app of the branch says. Without it every service exists already. */
  infrastructure?: true
  /** Builds images and runs containers; without one neither is really done. */
  engine?: Engine
}

export type WorkflowWorld = {
  folder: string
  cloud: Cloud
  scratch: Scratch
  setting: Setting
  docker: Containers['docker']
  /** What containers do, by digest; services run for ever, commands end well. */
  script: Script
  /** Only where infrastructure is made. */
  stacks: CloudFormationService | undefined
  /** Folders for PATH, before that of the system. */
  path: string[]
  /** What runs on the hosts, by instance. */
  hosts: Record<string, ScriptedHost>
  /** Number of the run that comes next. */
  nextRun: number
  /** Values of a record of an environment, oldest first. */
  records(environment: string, name: 'release' | 'hold' | 'lock'): Promise<string[]>
  release(environment: string): Promise<Release>
  /** Where a service answers on loopback; only with an engine. */
  address(environment: EnvironmentSetting, service: ServiceSetting): string
  close(): Promise<void>
}

/** Workflows as the stand-in for GitHub knows them: for lists, and to check the inputs of a dispatch. */
const announceWorkflows = (state: GitHubState): void => {
  for (const [file, { name, on }] of readDefinitions(join(root, '.github/workflows'))) {
    const inputs = 'workflow_dispatch' in on ? { inputs: on.workflow_dispatch?.inputs ?? {} } : {}
    state.workflows.push({ id: state.nextId(), path: `.github/workflows/${file}`, name, ...inputs })
  }
}

const recordReader =
  (cloud: Cloud, { environments }: Setting, project: string): WorkflowWorld['records'] =>
  async (environment, record) => {
    const place = environments.find((each) => each.name === environment)
    if (place === undefined) throw new Error(`no environment is called ${environment}`)
    const { account, region } = place
    const ssm = new SSMClient({ endpoint: cloud.endpoint, region, credentials: cloud.adminKey(account) })
    const Name = recordNames(project, environment)[record]
    const { Parameters = [] } = await ssm.send(new GetParameterHistoryCommand({ Name })).catch((error: Error) => {
      if (error.name === 'ParameterNotFound') return { Parameters: [] }
      throw error
    })
    return Parameters.map(({ Value = '' }) => Value)
  }

/** An image that the services are made with, before anything was delivered. */
/** What the CDK app is made of. */
const APP = ['infra', 'lib', 'scripts/infra-diff', 'cdk.json', 'package.json', 'package-lock.json']

/** As the administrator's stacks have them: the roles with which CloudFormation works. */
const workers = ({ project, environments }: Setting) =>
  environments.map(({ name, account }) => ({
    arn: `arn:aws:iam::${account}:role/${infrastructureNames(project, name).cloudFormation}`,
    trust: {
      Statement: { Effect: 'Allow', Principal: { Service: 'cloudformation.amazonaws.com' }, Action: 'sts:AssumeRole' },
    } as const,
  }))

const firstImage = async (cloud: Cloud, { registry, scenario }: Setting): Promise<string> => {
  const { account, region } = registry
  const name = scenario.repositories?.[0]?.name ?? ''
  const digest = await putImage(cloud, account, region, name, 'infrastructure')
  return `${account}.dkr.ecr.${region}.amazonaws.com/${name}@${digest}`
}

/** The demonstration's project: four accounts, three environments whose services exist, and its repository on the stand-in for GitHub. */
export const startWorkflowWorld = async (options: WorldOptions = {}): Promise<WorkflowWorld> => {
  const folder = mkdtempSync(join(tmpdir(), 'workflows-'))
  mkdirSync(join(folder, 'runs'))
  const delivery = deliveryFile(options)
  const text = JSON.stringify(delivery, null, 2)
  writeFileSync(join(folder, 'delivery.json'), text)
  const setting = await readSetting(join(folder, 'delivery.json'))
  if (options.infrastructure) setting.scenario.roles = [...setting.scenario.roles, ...workers(setting)]
  const branches = setting.environments.map(({ branch }) => branch)
  const actions = options.withoutActions ? undefined : bundles()
  const scratch = createScratch(
    folder,
    actions,
    { 'delivery.json': text, ...options.files },
    branches,
    options.infrastructure ? APP : [],
  )
  const home = join(root, '.slipway')
  const containers = options.engine ? await realContainers(folder, options.engine, home) : scriptedContainers(folder)
  const { time, runtime, store, script, docker } = containers
  const instances = setting.environments.flatMap((environment) => environment.hosts.map(({ instanceId }) => instanceId))
  const hosts: Record<string, ScriptedHost> = Object.fromEntries(instances.map((id) => [id, {}]))
  let stacks: CloudFormationService | undefined
  const local: Awaited<ReturnType<typeof openLocalCloud>> = await openLocalCloud({
    setting,
    time,
    ...(store && { store }),
    machines: {
      containers: runtime,
      functions: taggedFunctions(() => local.cloud, setting.registry),
      hosts: scriptedHosts(time, hosts, {}),
    },
    ...(options.infrastructure && {
      further: (core: CloudCore) => {
        stacks = cloudFormationService(core)
        return [stacks]
      },
    }),
    github: { ...setting.repository, defaultBranch: branches.at(-1) ?? 'main', git: bareRepository(scratch.origin) },
  })
  const { cloud, ecs } = local
  const { state } = cloud.github
  state.workflowPermissions.can_approve_pull_request_reviews = true
  announceWorkflows(state)
  if (!options.infrastructure) {
    const image = await firstImage(cloud, setting)
    await Promise.all(setting.environments.map((environment) => createInfrastructure(local, environment, () => image)))
  }
  const records = recordReader(cloud, setting, delivery.project)
  return {
    folder,
    cloud,
    scratch,
    setting,
    docker,
    script,
    stacks,
    path: options.infrastructure ? [docker.folder, npmStandIn(join(folder, 'npm'))] : [docker.folder],
    hosts,
    nextRun: 7001,
    records,
    release: async (environment) => JSON.parse((await records(environment, 'release')).at(-1) ?? '{}') as Release,
    address: ({ account, region }, { cluster, service, port = 0 }) => ecs.address(account, region, cluster, service, port).origin,
    close: async () => {
      await local.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
