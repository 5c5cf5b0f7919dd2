import type { ECR } from '@aws-sdk/client-ecr'
import type { Authorization, Call, InputOf, Operation } from '../service.ts'
import { type Repositories, type Repository, repositoryArn } from './repositories.ts'

type Named = { repositoryName?: string | undefined; registryId?: string | undefined }

/** Which repository a call means: the registry is the caller's own unless it names one. */
export const addressOf = (input: unknown, { principal, region }: Call) => {
  const { registryId = principal.account, repositoryName = '' } = input as Named
  return { account: registryId, region, name: repositoryName }
}

/** ECR's actions on a repository are authorised on its ARN. */
export const onRepository = (action: string, input: unknown, call: Call): Authorization[] => [
  { action: `ecr:${action}`, resource: repositoryArn(addressOf(input, call)) },
]

/** An operation on one repository that exists and lets the caller in. */
export const inRepository =
  (repositories: Repositories) =>
  <N extends string>(
    name: N,
    run: (repository: Repository, input: InputOf<ECR, N>) => unknown,
  ): Record<string, Operation<InputOf<ECR, N>>> => ({
    [name]: {
      authorize: (input, call) => onRepository(name, input, call),
      run: (input, call) => run(repositories.open(addressOf(input, call), call.principal, `ecr:${name}`), input),
    },
  })

export type InRepository = ReturnType<typeof inRepository>
