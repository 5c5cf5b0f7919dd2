import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { cloudFormationService } from '../aws/cloudformation/service.ts'
import { dockerFunctions } from '../aws/lambda/docker.ts'
import { dockerRuntime } from '../containers/docker.ts'
import { baseImage } from '../engine/base-image.ts'
import { type BuildSecret, buildSecrets } from '../engine/build-secrets.ts'
import type { RunningStep, Step } from '../github/step.ts'
import { scaledTime } from '../time.ts'
import { type DockerLog, dockerLog } from './docker-log.ts'
import { engineVersion, useEngine } from './engine.ts'
import type { Farewell } from './farewell.ts'
import { makeFolder } from './folder.ts'
import { dockerHosts, type Hosts } from './hosts.ts'
import { type LocalCloud, registryStore, startLocalCloud } from './local-cloud.ts'
import { createRepository, type Repository } from './repository.ts'
import type { Screen } from './screen.ts'
import { readSetting, type Setting } from './setting.ts'
import { spending } from './spending.ts'

/** All that a delivery needs on this machine. */
export type World = LocalCloud & {
  screen: Screen
  setting: Setting
  hosts: Hosts
  repository: Repository
  /** The first commit, on the branch on which images enter. */
  commit: string
  docker: DockerLog
  /** Whether the engine ends with the demonstration; otherwise it was there before. */
  isEngineOurs: boolean
  /** Environment of the actions' docker processes. */
  dockerEnv: Record<string, string>
  secrets: BuildSecret[]
  /** Everything of this run is in it, temporary files in `tmp`. */
  folder: string
  /** Starts a step that ends with the demonstration, and shows nothing any more from then on. */
  start(step: () => RunningStep): Promise<Step>
  isEnding(): boolean
}

const root = join(import.meta.dirname, '..', '..')
const home = join(root, '.slipway')

/** So much faster than AWS's are the waits that the local cloud adds; what runs takes the time that it takes. */
const QUICKER = 3

/** Bundles are committed; only someone who changes the actions can miss one. */
const checkBundles = (): void => {
  const missing = ['plan-delivery', 'build-push-image', 'deploy-service', 'budget-report'].filter(
    (action) => !existsSync(join(root, 'actions', action, 'dist/index.js')),
  )
  if (missing.length > 0) throw new Error(`no bundle of ${missing.join(', ')} in actions/*/dist; run: npm run build`)
}

const prepareRepository = async (folder: string, used: Awaited<ReturnType<typeof useEngine>>, screen: Screen) => {
  const setting = await readSetting(join(root, 'delivery.json'))
  const branches = setting.environments.map(({ branch }) => branch)
  const repository = await createRepository(root, join(folder, 'repository'), branches)
  screen.quote(`${repository.origin}, with the branches ${branches.join(', ')}`)
  const dockerfile = join(repository.folder, 'app/Dockerfile')
  const base = await baseImage(used.engine, { dockerfile, home, say: (line) => screen.quote(line) })
  if (base === undefined) return { setting, repository }
  const [branch = 'dev'] = branches
  const edit = (text: string) => text.replace(/^(ARG BASE_IMAGE=).*$/m, `$1${base}`)
  await repository.change(branch, 'app/Dockerfile', edit, 'Build on the base image of this machine')
  screen.quote(`a second commit names it in app/Dockerfile, so the content tag is another than a hosted runner's`)
  return { setting, repository }
}

/** Steps have three seconds to end by themselves, as on a runner. */
const endSteps = async (running: Set<RunningStep>): Promise<void> => {
  const all = [...running]
  for (const { process: child } of all) child.kill('SIGINT')
  const kill = setTimeout(() => all.map(({ process: child }) => child.kill('SIGKILL')), 3_000)
  await Promise.allSettled(all.map(({ done }) => done))
  clearTimeout(kill)
}

const stepStarter = async (farewell: Farewell): Promise<World['start']> => {
  const running = new Set<RunningStep>()
  await farewell.keep(
    async () => running,
    () => endSteps(running),
  )
  return async (start) => {
    if (farewell.isEnding()) throw new Error('the demonstration is being ended')
    const step = start()
    running.add(step)
    return step.done.finally(() => running.delete(step))
  }
}

/** Brings up engine, repository and local cloud, and says what it does. All of it is given back by `farewell`. */
export const createWorld = async (screen: Screen, farewell: Farewell): Promise<World> => {
  checkBundles()
  screen.heading('The machine')
  const folder = await farewell.keep(
    () => makeFolder(home),
    (made) => rm(made, { recursive: true, force: true }),
  )
  const used = await screen.timed(
    () => useEngine(home, screen, farewell, join(folder, 'buildx')),
    ({ engine: { kind } }) => `Docker engine${kind === 'private' ? ' of this clone' : ''} is running`,
  )
  const { env } = used
  const version = await engineVersion(env)
  const { setting, repository } = await screen.timed(
    () => prepareRepository(folder, used, screen),
    () => 'repository and base image are there',
  )
  const session = `demo-${process.pid}`
  const hosts = await farewell.keep(
    async () => dockerHosts({ folder: join(folder, 'hosts'), home, env, session, say: (line) => screen.quote(line) }),
    (opened) => opened.removeAll(),
  )
  const { cloud, ...services } = await screen.timed(
    async () => {
      const time = scaledTime(QUICKER)
      const store = await farewell.keep(
        () => registryStore(home, (line) => screen.quote(line)),
        (opened) => opened.close(),
      )
      const further = spending(setting.environments, setting.project)
      const containers = dockerRuntime(time, { env, session })
      const machines = { containers, functions: dockerFunctions(containers), hosts: hosts.executor }
      return startLocalCloud(
        { setting, time, store, machines, further: (core) => [...further, cloudFormationService(core)] },
        farewell,
      )
    },
    () =>
      `local cloud: ECS, Lambda and EC2 on Docker ${version}, ECR on CNCF Distribution, STS, SSM, CloudWatch, GitHub's OIDC issuer`,
  )
  const { accounts, roles } = setting.scenario
  const trusting = roles.filter(({ trust }) => JSON.stringify(trust).includes('Federated')).length
  screen.line(
    `  ${accounts.length} accounts, ${trusting} roles that trust this repository's jobs only, waits of AWS ${QUICKER} times as fast, ${cloud.endpoint}`,
  )
  return {
    screen,
    setting,
    cloud,
    ...services,
    hosts,
    repository,
    commit: await repository.head(setting.environments[0]?.branch ?? 'dev'),
    isEngineOurs: used.engine.kind === 'private',
    docker: await dockerLog(join(folder, 'bin'), env),
    dockerEnv: env,
    secrets: await buildSecrets(join(folder, 'secrets')),
    folder,
    start: await stepStarter(farewell),
    isEnding: farewell.isEnding,
  }
}
