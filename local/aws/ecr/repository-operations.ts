import type { CreateRepositoryRequest, DescribeRepositoriesRequest, SetRepositoryPolicyRequest } from '@aws-sdk/client-ecr'
import { page } from '../pages.ts'
import { type Authorization, AwsError, type Call, type Operation } from '../service.ts'
import { type Repositories, type Repository, repositoryArn } from './repositories.ts'

export type InRepository = { repositoryName: string | undefined; registryId?: string | undefined }

/** Which repository a call means: the registry is the caller's own unless it names one. */
export const addressOf = ({ repositoryName, registryId }: InRepository, { principal, region }: Call) => ({
  account: registryId ?? principal.account,
  region,
  name: repositoryName ?? '',
})

/** ECR's actions on a repository are authorised on its ARN. */
export const onRepository =
  (action: string) =>
  (input: InRepository, call: Call): Authorization[] => [
    { action: `ecr:${action}`, resource: repositoryArn(addressOf(input, call)) },
  ]

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

const mutabilityOf = (value: string | undefined): Repository['tagMutability'] => {
  if (value === undefined || value === 'MUTABLE' || value === 'IMMUTABLE') return value ?? 'MUTABLE'
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
    run: ({ repositoryNames, registryId, maxResults, nextToken }, call) => {
      const account = registryId ?? call.principal.account
      const names = repositoryNames ?? repositories.list(account, call.region).map(({ name }) => name)
      const opened = names.map((name) =>
        repositories.open({ account, region: call.region, name }, call.principal, 'ecr:DescribeRepositories'),
      )
      const { items, ...rest } = page(opened, repositoryNames === undefined ? (maxResults ?? 100) : opened.length, nextToken)
      return { repositories: items.map(describe), ...rest }
    },
  }

  const setRepositoryPolicy: Operation<SetRepositoryPolicyRequest> = {
    authorize: onRepository('SetRepositoryPolicy'),
    run: (input, call) => {
      const repository = repositories.open(addressOf(input, call), call.principal, 'ecr:SetRepositoryPolicy')
      try {
        repository.policy = JSON.parse(input.policyText ?? '')
      } catch {
        throw new AwsError(
          'InvalidParameterException',
          "Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Invalid policy'",
        )
      }
      return { registryId: repository.account, repositoryName: repository.name, policyText: input.policyText }
    },
  }

  return {
    CreateRepository: createRepository,
    DescribeRepositories: describeRepositories,
    SetRepositoryPolicy: setRepositoryPolicy,
  }
}
