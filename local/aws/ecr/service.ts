import type { ECR } from '@aws-sdk/client-ecr'
import { page } from '../pages.ts'
import { AwsError, type InputOf, type Operation, type Service } from '../service.ts'
import { imageOperations } from './image-operations.ts'
import { addressOf, inRepository, onRepository } from './in-repository.ts'
import { invalidParameter } from './manifest.ts'
import type { Registries } from './registry.ts'
import type { Repositories, Repository } from './repositories.ts'
import type { OciStore } from './store.ts'
import type { RegistryTokens } from './tokens.ts'

type EcrDependencies = {
  now(): Date
  store: OciStore
  repositories: Repositories
  registries: Registries
  tokens: RegistryTokens
}

const describe = (repository: Repository) => ({
  repositoryArn: repository.arn,
  registryId: repository.account,
  repositoryName: repository.name,
  repositoryUri: repository.uri,
  createdAt: repository.createdAt,
  imageTagMutability: repository.tagMutability,
  imageScanningConfiguration: { scanOnPush: false },
  encryptionConfiguration: { encryptionType: 'AES256' },
})

const mutabilityOf = (value = 'MUTABLE'): Repository['tagMutability'] => {
  if (value === 'MUTABLE' || value === 'IMMUTABLE') return value
  throw new AwsError('NotImplemented', `NotImplemented: ecr:CreateRepository with imageTagMutability ${value}`, 501)
}

/** The ECR API. The registry's HTTP interface on the same images is in `registry.ts`; uploads go over that only. */
export const ecrService = ({ now, store, repositories, registries, tokens }: EcrDependencies): Service => {
  const on = inRepository(repositories)

  const getAuthorizationToken: Operation<InputOf<ECR, 'GetAuthorizationToken'>> = {
    authorize: () => [{ action: 'ecr:GetAuthorizationToken', resource: '*' }],
    run: async ({ registryIds }, { principal, region }) => {
      const { password, expiresAt } = tokens.issue(principal)
      const authorizationToken = Buffer.from(`AWS:${password}`).toString('base64')
      const accounts = registryIds ?? [principal.account]
      const endpoints = await Promise.all(accounts.map((account) => registries.url(account, region)))
      return { authorizationData: endpoints.map((proxyEndpoint) => ({ authorizationToken, expiresAt, proxyEndpoint })) }
    },
  }

  const createRepository: Operation<InputOf<ECR, 'CreateRepository'>> = {
    authorize: (input, call) => onRepository('CreateRepository', input, call),
    run: (input, call) => ({
      repository: describe(repositories.create(addressOf(input, call), mutabilityOf(input.imageTagMutability))),
    }),
  }

  const describeRepositories: Operation<InputOf<ECR, 'DescribeRepositories'>> = {
    authorize: ({ repositoryNames = ['*'], registryId }, call) =>
      repositoryNames.flatMap((repositoryName) => onRepository('DescribeRepositories', { repositoryName, registryId }, call)),
    run: ({ repositoryNames, registryId, maxResults = 100, nextToken }, { principal, region }) => {
      const account = registryId ?? principal.account
      const names = repositoryNames ?? repositories.list(account, region).map(({ name }) => name)
      const opened = names.map((name) => repositories.open({ account, region, name }, principal, 'ecr:DescribeRepositories'))
      const { items, ...rest } = page(opened, repositoryNames === undefined ? maxResults : opened.length, nextToken)
      return { repositories: items.map(describe), ...rest }
    },
  }

  return {
    name: 'ecr',
    operations: {
      GetAuthorizationToken: getAuthorizationToken,
      CreateRepository: createRepository,
      DescribeRepositories: describeRepositories,

      ...on('SetRepositoryPolicy', (repository, { policyText = '' }) => {
        try {
          repository.policy = JSON.parse(policyText)
        } catch (cause) {
          throw Object.assign(invalidParameter('PolicyText', 'Invalid repository policy provided'), { cause })
        }
        return { registryId: repository.account, repositoryName: repository.name, policyText }
      }),

      ...on('PutLifecyclePolicy', (repository, { lifecyclePolicyText = '' }) => {
        repository.lifecycle = lifecyclePolicyText
        return { registryId: repository.account, repositoryName: repository.name, lifecyclePolicyText }
      }),

      ...on('GetLifecyclePolicy', ({ account: registryId, name: repositoryName, lifecycle: lifecyclePolicyText }) => {
        if (lifecyclePolicyText !== undefined) return { registryId, repositoryName, lifecyclePolicyText, lastEvaluatedAt: now() }
        const where = `the repository with name '${repositoryName}' in the registry with id '${registryId}'`
        throw new AwsError('LifecyclePolicyNotFoundException', `Lifecycle policy does not exist for ${where}`)
      }),

      ...imageOperations(on, store, now),

      ...on('BatchCheckLayerAvailability', async (repository, { layerDigests = [] }) => {
        const sizes = await Promise.all(layerDigests.map((layerDigest) => store.statBlob(repository.path, layerDigest)))
        const layers = layerDigests.map((layerDigest, index) =>
          sizes[index] === undefined
            ? { layerDigest, layerAvailability: 'UNAVAILABLE' }
            : { layerDigest, layerAvailability: 'AVAILABLE', layerSize: sizes[index] },
        )
        return { layers, failures: [] }
      }),

      ...on('GetDownloadUrlForLayer', async (repository, { layerDigest = '' }) => {
        if ((await store.statBlob(repository.path, layerDigest)) === undefined) {
          const message = `The layer with digest '${layerDigest}' does not exist in the repository with name '${repository.name}'`
          throw new AwsError('LayersNotFoundException', message)
        }
        return { downloadUrl: await registries.downloadUrl(repository, layerDigest), layerDigest }
      }),
    },
  }
}
