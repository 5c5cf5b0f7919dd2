import { distributionStore } from '../aws/ecr/distribution-store.ts'
import type { OciStore } from '../aws/ecr/store.ts'
import { type EcsService, ecsService } from '../aws/ecs/service.ts'
import type { Service } from '../aws/service.ts'
import { type Cloud, startCloud } from '../cloud.ts'
import type { ContainerRuntime } from '../containers/runtime.ts'
import { ensureRegistryProgram } from '../engine/packages.ts'
import type { Scenario } from '../scenario.ts'
import type { Time } from '../time.ts'
import type { Farewell } from './farewell.ts'

export type LocalCloud = { cloud: Cloud; ecs: EcsService }

type Parts = {
  scenario: Scenario
  time: Time
  runtime: ContainerRuntime
  store?: OciStore
  port?: number
  /** Services besides those of the cloud itself and ECS. */
  further?: Service[]
}

/** CNCF Distribution as the store of the registries, unpacked into the clone where the machine does not have it. */
export const registryStore = async (home: string, say: (line: string) => void): Promise<OciStore> =>
  distributionStore(await ensureRegistryProgram({ home, say }))

/** The local cloud with ECS on a container runtime. Containers, ports and processes end with `farewell`. */
export const startLocalCloud = ({ runtime, further = [], ...options }: Parts, farewell: Farewell): Promise<LocalCloud> =>
  farewell.keep(
    async () => {
      let ecs: EcsService | undefined
      const services = (core: Omit<Parameters<typeof ecsService>[0], 'runtime'>) => {
        ecs = ecsService({ ...core, runtime })
        return [ecs, ...further]
      }
      const cloud = await startCloud({ ...options, services })
      if (!ecs) throw new Error('the local cloud was started without ECS')
      return { cloud, ecs }
    },
    async ({ cloud, ecs }) => {
      await ecs.stopAll()
      await cloud.close()
    },
  )
