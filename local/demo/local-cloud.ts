import { cloudFormationService } from '../aws/cloudformation/service.ts'
import { distributionStore } from '../aws/ecr/distribution-store.ts'
import type { OciStore } from '../aws/ecr/store.ts'
import { type EcsService, ecsService } from '../aws/ecs/service.ts'
import type { FunctionRuntime } from '../aws/lambda/runtime.ts'
import { type LambdaService, lambdaService } from '../aws/lambda/service.ts'
import type { Service } from '../aws/service.ts'
import type { HostExecutor } from '../aws/ssm/executor.ts'
import { hostServices } from '../aws/ssm/host-services.ts'
import { type Cloud, type CloudCore, type CloudOptions, startCloud } from '../cloud.ts'
import type { ContainerRuntime } from '../containers/runtime.ts'
import { ensureRegistryProgram } from '../engine/packages.ts'
import type { Time } from '../time.ts'
import type { Farewell } from './farewell.ts'
import type { EnvironmentSetting, Setting } from './setting.ts'

export type LocalCloud = {
  cloud: Cloud
  ecs: EcsService
  lambda: LambdaService
  /** Address of the metadata service of an instance. */
  metadata(instanceId: string): Promise<string>
}

/** What runs in the place of AWS's machines: tasks, functions, and the scripts of hosts. */
export type Machines = { containers: ContainerRuntime; functions: FunctionRuntime; hosts: HostExecutor }

type Parts = Pick<CloudOptions, 'store' | 'port' | 'github'> & {
  setting: Pick<Setting, 'scenario' | 'environments'>
  time: Time
  machines: Machines
  /** Services besides those of the cloud itself, ECS, Lambda and EC2: a CloudFormation without stacks where nothing is given. */
  further?: (core: CloudCore) => Service[]
}

/** CNCF Distribution as the store of the registries, unpacked into the clone where the machine does not have it. */
export const registryStore = async (home: string, say: (line: string) => void): Promise<OciStore> =>
  distributionStore(await ensureRegistryProgram({ home, say }))

const instancesOf = ({ account, region, hosts }: EnvironmentSetting) =>
  hosts.map(({ instanceId, tags, role }) => ({ account, region, instanceId, tags, role: role.slice(role.lastIndexOf('/') + 1) }))

const documentOf = ({ account, region, document }: EnvironmentSetting) => ({ account, region, ...document })

/** The local cloud of a project, with ECS, Lambda and EC2. Instances and their document are there; the rest is infrastructure's. */
export const openLocalCloud = async ({ setting, time, machines, further, ...options }: Parts) => {
  const { scenario, environments } = setting
  const ec2 = hostServices({
    time,
    instances: environments.flatMap(instancesOf),
    documents: environments.map(documentOf),
    executor: machines.hosts,
  })
  const served: { ecs?: EcsService; lambda?: LambdaService; issueKey?: CloudCore['issueKey'] } = {}
  const cloud = await startCloud({
    ...options,
    scenario,
    time,
    services: (core) => {
      const ecs = ecsService({ ...core, runtime: machines.containers })
      const lambda = lambdaService({ ...core, runtime: machines.functions })
      Object.assign(served, { ecs, lambda, issueKey: core.issueKey })
      return [ecs, lambda, lambda.cloudWatch, ...ec2.services, ...(further?.(core) ?? [cloudFormationService(core)])]
    },
  })
  const { ecs, lambda, issueKey } = served
  if (!ecs || !lambda || !issueKey) throw new Error('the local cloud was started without its services')
  return {
    cloud,
    ecs,
    lambda,
    metadata: (instanceId: string) => ec2.metadata(instanceId, issueKey),
    /** Ends what runs, then the cloud. */
    close: async (): Promise<void> => {
      await Promise.all([ecs.stopAll(), lambda.close(), ec2.stopAll()])
      await cloud.close()
    },
  }
}

/** The same; containers, ports and processes end with `farewell`. */
export const startLocalCloud = (parts: Parts, farewell: Farewell): Promise<LocalCloud> =>
  farewell.keep(
    () => openLocalCloud(parts),
    ({ close }) => close(),
  )
