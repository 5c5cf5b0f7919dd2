import type { CreateRepositoryRequest, DescribeRepositoriesRequest, SetRepositoryPolicyRequest } from '@aws-sdk/client-ecr'
import { page } from '../pages.ts'
import { AwsError, type Operation } from '../service.ts'
import { addressOf, inRepository, onRepository } from './in-repository.ts'
import type { Repositories, Repository } from './repositories.ts'

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

export const repositoryOperations = (repositories: Repositories): Record<string, Operation> => {
  const createRepository: Operation<CreateRepositoryRequest> = {
    authorize: onRepository('CreateRepository'),
    run: (input, call) => ({
      repository: describe(repositories.create(addressOf(input, call), mutabilityOf(input.imageTagMutability))),
    }),
  }

  const describeRepositories: Operation<DescribeRepositoriesRequest> = {
    authorize: ({ repositoryNames = ['*'], registryId }, call) =>
      repositoryNames.flatMap((repositoryName) => onRepository('DescribeRepositories')({ repositoryName, registryId }, call)),
    run: ({ repositoryNames, registryId, maxResults = 100, nextToken }, call) => {
      const account = registryId ?? call.principal.account
      const names = repositoryNames ?? repositories.list(account, call.region).map(({ name }) => name)
      const opened = names.map((name) =>
        repositories.open({ account, region: call.region, name }, call.principal, 'ecr:DescribeRepositories'),
      )
      const { items, ...rest } = page(opened, repositoryNames === undefined ? maxResults : opened.length, nextToken)
      return { repositories: items.map(describe), ...rest }
    },
  }

  return {
    CreateRepository: createRepository,
    DescribeRepositories: describeRepositories,
    ...inRepository(repositories)<SetRepositoryPolicyRequest>('SetRepositoryPolicy', (repository, { policyText = '' }) => {
      try {
        repository.policy = JSON.parse(policyText)
      } catch (cause) {
        const message = "Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Invalid repository policy provided'"
        throw Object.assign(new AwsError('InvalidParameterException', message), { cause })
      }
      return { registryId: repository.account, repositoryName: repository.name, policyText }
    }),
  }
}
