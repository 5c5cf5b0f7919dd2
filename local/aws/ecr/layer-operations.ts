import type { BatchCheckLayerAvailabilityRequest, GetDownloadUrlForLayerRequest } from '@aws-sdk/client-ecr'
import { AwsError, type Operation } from '../service.ts'
import type { Registries } from './registries.ts'
import type { Repositories } from './repositories.ts'
import { addressOf, onRepository } from './repository-operations.ts'
import type { OciStore } from './store.ts'

export type LayerDependencies = { store: OciStore; repositories: Repositories; registries: Registries }

/** The two layer calls of the JSON API that read. Uploads go over the registry's HTTP interface. */
export const layerOperations = ({ store, repositories, registries }: LayerDependencies): Record<string, Operation> => {
  const batchCheckLayerAvailability: Operation<BatchCheckLayerAvailabilityRequest> = {
    authorize: onRepository('BatchCheckLayerAvailability'),
    run: async (input, call) => {
      const repository = repositories.open(addressOf(input, call), call.principal, 'ecr:BatchCheckLayerAvailability')
      const layers = await Promise.all(
        (input.layerDigests ?? []).map(async (layerDigest) => {
          const layerSize = await store.statBlob(repository.path, layerDigest)
          if (layerSize === undefined) return { layerDigest, layerAvailability: 'UNAVAILABLE' }
          const mediaType = 'application/vnd.docker.image.rootfs.diff.tar.gzip'
          return { layerDigest, layerAvailability: 'AVAILABLE', layerSize, mediaType }
        }),
      )
      return { layers, failures: [] }
    },
  }

  const getDownloadUrlForLayer: Operation<GetDownloadUrlForLayerRequest> = {
    authorize: onRepository('GetDownloadUrlForLayer'),
    run: async (input, call) => {
      const repository = repositories.open(addressOf(input, call), call.principal, 'ecr:GetDownloadUrlForLayer')
      const layerDigest = input.layerDigest ?? ''
      if ((await store.statBlob(repository.path, layerDigest)) === undefined) {
        const message = `The layer with digest '${layerDigest}' does not exist in the repository with name '${repository.name}'`
        throw new AwsError('LayersNotFoundException', message)
      }
      return { downloadUrl: await registries.downloadUrl(repository, layerDigest), layerDigest }
    },
  }

  return { BatchCheckLayerAvailability: batchCheckLayerAvailability, GetDownloadUrlForLayer: getDownloadUrlForLayer }
}
