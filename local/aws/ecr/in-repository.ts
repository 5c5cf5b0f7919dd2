import type { Authorization, Call, Operation } from '../service.ts'
import { type Repositories, type Repository, repositoryArn } from './repositories.ts'

export type RepositoryInput = { repositoryName: string | undefined; registryId?: string | undefined }

/** Which repository a call means: the registry is the caller's own unless it names one. */
export const addressOf = ({ repositoryName, registryId }: RepositoryInput, { principal, region }: Call) => ({
  account: registryId ?? principal.account,
  region,
  name: repositoryName ?? '',
})

/** ECR's actions on a repository are authorised on its ARN. */
export const onRepository =
  (action: string) =>
  (input: RepositoryInput, call: Call): Authorization[] => [
    { action: `ecr:${action}`, resource: repositoryArn(addressOf(input, call)) },
  ]

/** An operation on one repository that exists and lets the caller in. */
export const inRepository =
  (repositories: Repositories) =>
  <I extends RepositoryInput>(
    action: string,
    run: (repository: Repository, input: I) => unknown,
  ): Record<string, Operation<I>> => ({
    [action]: {
      authorize: onRepository(action),
      run: (input, call) => run(repositories.open(addressOf(input, call), call.principal, `ecr:${action}`), input),
    },
  })
