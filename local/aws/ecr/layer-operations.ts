import type { BatchCheckLayerAvailabilityRequest, GetDownloadUrlForLayerRequest } from '@aws-sdk/client-ecr'
import { AwsError, type Operation } from '../service.ts'
import { inRepository } from './in-repository.ts'
import type { Registries } from './registries.ts'
import type { Repositories } from './repositories.ts'
import type { OciStore } from './store.ts'

export type LayerDependencies = { store: OciStore; repositories: Repositories; registries: Registries }

/** The two layer calls of the JSON API that read. Uploads go over the registry's HTTP interface. */
export const layerOperations = ({ store, repositories, registries }: LayerDependencies): Record<string, Operation> => {
  const on = inRepository(repositories)
  return {
    ...on<BatchCheckLayerAvailabilityRequest>('BatchCheckLayerAvailability', async (repository, { layerDigests = [] }) => {
      const sizes = await Promise.all(layerDigests.map((layerDigest) => store.statBlob(repository.path, layerDigest)))
      const layers = layerDigests.map((layerDigest, index) =>
        sizes[index] === undefined
          ? { layerDigest, layerAvailability: 'UNAVAILABLE' }
          : { layerDigest, layerAvailability: 'AVAILABLE', layerSize: sizes[index] },
      )
      return { layers, failures: [] }
    }),

    ...on<GetDownloadUrlForLayerRequest>('GetDownloadUrlForLayer', async (repository, { layerDigest = '' }) => {
      if ((await store.statBlob(repository.path, layerDigest)) === undefined) {
        const message = `The layer with digest '${layerDigest}' does not exist in the repository with name '${repository.name}'`
        throw new AwsError('LayersNotFoundException', message)
      }
      return { downloadUrl: await registries.downloadUrl(repository, layerDigest), layerDigest }
    }),
  }
}
