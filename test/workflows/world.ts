import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GetParameterHistoryCommand, SSMClient } from '@aws-sdk/client-ssm'
import { type Release, recordNames } from '../../lib/delivery/records.ts'
import { type EcsService, ecsService } from '../../local/aws/ecs/service.ts'
import { type Cloud, startCloud } from '../../local/cloud.ts'
import type { ContainerSpec } from '../../local/containers/runtime.ts'
import { type Script, scriptedRuntime } from '../../local/containers/scripted.ts'
import { readSetting, type Setting } from '../../local/demo/setting.ts'
import { bareRepository } from '../../local/github/api/bare-repository.ts'
import { scaledTime } from '../../local/time.ts'
import { putImage } from '../images.ts'
import { bundles } from './bundles.ts'
import { readDefinitions } from './definition.ts'
import { type DockerStandIn, dockerStandIn } from './docker-stand-in.ts'
import { createInfrastructure } from './infrastructure.ts'
import { createScratch, type Files, type Scratch } from './scratch.ts'

const root = join(import.meta.dirname, '..', '..')

export type DeliveryFile = {
  environments: Record<string, Record<string, unknown>>
  services: Record<string, Record<string, unknown>>
}

export type WorldOptions = {
  edit?: (delivery: DeliveryFile) => void
  files?: Files
  /** For workflows that use no action of ours. */
  withoutActions?: boolean
  /** Some seconds less a deployment. */
  withoutPreDeploy?: boolean
}

export type WorkflowWorld = {
  folder: string
  cloud: Cloud
  ecs: EcsService
  scratch: Scratch
  setting: Setting
  docker: DockerStandIn
  /** What containers do, by digest; services run for ever, commands end well. */
  script: Script
  /** Number of the run that comes next. */
  nextRun: number
  /** Values of a record of an environment, oldest first. */
  records(environment: string, name: 'release' | 'hold' | 'lock'): Promise<string[]>
  release(environment: string): Promise<Release>
  close(): Promise<void>
}

/** The demonstration's project: four accounts, three environments whose services exist, and its repository on the stand-in for GitHub. */
export const startWorkflowWorld = async (options: WorldOptions = {}): Promise<WorkflowWorld> => {
  const folder = mkdtempSync(join(tmpdir(), 'workflows-'))
  const delivery = JSON.parse(readFileSync(join(root, 'delivery.json'), 'utf8')) as DeliveryFile
  if (options.withoutPreDeploy) for (const service of Object.values(delivery.services)) delete service['preDeploy']
  options.edit?.(delivery)
  const text = JSON.stringify(delivery, null, 2)
  writeFileSync(join(folder, 'delivery.json'), text)
  const setting = await readSetting(join(folder, 'delivery.json'))
  const branches = setting.environments.map(({ branch }) => branch)
  const scratch = createScratch(
    folder,
    options.withoutActions ? undefined : bundles(),
    { 'delivery.json': text, ...options.files },
    branches,
  )

  const time = scaledTime(20)
  const isCommand = ({ command = [] }: ContainerSpec): boolean => command.length > 0
  const script: Script = { '*': (spec) => (isCommand(spec) ? { exitsWith: 0, exitsAfter: 500 } : {}) }
  let ecs: EcsService | undefined
  const { owner, ownerId, repository, repositoryId } = setting.repository
  const cloud = await startCloud({
    time,
    scenario: setting.scenario,
    github: {
      owner,
      ownerId,
      repository,
      repositoryId,
      defaultBranch: branches.at(-1) ?? 'main',
      git: bareRepository(scratch.origin),
    },
    services: (core) => {
      ecs = ecsService({ ...core, runtime: scriptedRuntime(script, time) })
      return [ecs]
    },
  })
  if (ecs === undefined) throw new Error('the local cloud was started without ECS')
  const engine = ecs
  const { state } = cloud.github
  state.workflowPermissions.can_approve_pull_request_reviews = true
  for (const [file, { name, on }] of readDefinitions(join(root, '.github/workflows'))) {
    const dispatch = 'workflow_dispatch' in on ? { inputs: on.workflow_dispatch?.inputs ?? {} } : {}
    state.workflows.push({ id: state.nextId(), path: `.github/workflows/${file}`, name, ...dispatch })
  }
  const { account, region } = setting.registry
  const name = setting.scenario.repositories?.[0]?.name ?? ''
  const digest = await putImage(cloud, account, region, name, 'infrastructure')
  const image = `${account}.dkr.ecr.${region}.amazonaws.com/${name}@${digest}`
  await Promise.all(setting.environments.map((environment) => createInfrastructure(cloud, environment, image)))
  mkdirSync(join(folder, 'runs'))

  const project = (JSON.parse(text) as { project: string }).project
  const records = async (environment: string, record: 'release' | 'hold' | 'lock'): Promise<string[]> => {
    const place = setting.environments.find((each) => each.name === environment)
    if (place === undefined) throw new Error(`no environment is called ${environment}`)
    const ssm = new SSMClient({ endpoint: cloud.endpoint, region: place.region, credentials: cloud.adminKey(place.account) })
    const Name = recordNames(project, environment)[record]
    const { Parameters = [] } = await ssm.send(new GetParameterHistoryCommand({ Name })).catch(() => ({ Parameters: [] }))
    return Parameters.map(({ Value = '' }) => Value)
  }
  return {
    folder,
    cloud,
    ecs: engine,
    scratch,
    setting,
    docker: dockerStandIn(join(folder, 'docker')),
    script,
    nextRun: 7001,
    records,
    release: async (environment) => JSON.parse((await records(environment, 'release')).at(-1) ?? '{}') as Release,
    close: async () => {
      await engine.stopAll()
      await cloud.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
