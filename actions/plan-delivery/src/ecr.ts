import { BatchGetImageCommand, ECRClient } from '@aws-sdk/client-ecr'
import { call, isNamed } from '../../../lib/aws/errors.ts'
import type { Session } from '../../../lib/aws/session.ts'
import { Refusal } from '../../../lib/refusal.ts'
import type { Registry } from './ports.ts'

/** Without these ECR answers only for Docker's old manifest type. */
const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
]

export const ecrRegistry = (session: Session): Registry => {
  const ecr = session.client(ECRClient)
  return {
    guard: () => session.guard(),
    digest: async (repository, image) => {
      const command = new BatchGetImageCommand({
        registryId: session.account,
        repositoryName: repository,
        imageIds: ['tag' in image ? { imageTag: image.tag } : { imageDigest: image.digest }],
        acceptedMediaTypes: MANIFESTS,
      })
      const { images = [], failures = [] } = await call('ecr:BatchGetImage', () => ecr.send(command)).catch((cause: Error) => {
        throw isNamed(cause, 'RepositoryNotFoundException') ? missing(repository, session, cause) : cause
      })
      const failure = failures.find(({ failureCode }) => failureCode !== 'ImageNotFound')
      const name = 'tag' in image ? image.tag : image.digest
      if (failure)
        throw new Error(`ecr:BatchGetImage failed for ${repository}:${name}: ${failure.failureCode}: ${failure.failureReason}`)
      return images[0]?.imageId?.imageDigest
    },
  }
}

const missing = (repository: string, { account, region }: Session, cause: Error): Refusal =>
  new Refusal(
    `the registry ${account} in ${region} has no repository ${repository}; create it with the Registry stack: gh workflow run infra.yml`,
    { cause },
  )
