import { accessDenied } from '../faults.ts'
import { evaluate, namesOf, type PolicyDocument } from '../policy.ts'
import { AwsError, type Principal } from '../service.ts'
import { invalidParameter, type Referrer } from './manifest.ts'

export type StoredImage = {
  digest: string
  mediaType: string
  /** Bytes of the layers, and of the manifest itself. */
  size: number
  manifestSize: number
  pushedAt: Date
  refers: Referrer | undefined
}

export type Repository = {
  account: string
  region: string
  name: string
  arn: string
  /** `ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME` */
  uri: string
  createdAt: Date
  tagMutability: 'MUTABLE' | 'IMMUTABLE'
  policy?: PolicyDocument
  /** Kept and answered as it was put; nothing ever expires here. */
  lifecycle?: string
  /** Name of this repository in the store. */
  path: string
  images: Map<string, StoredImage>
  /** Digest by tag. */
  tags: Map<string, string>
}

type RepositoryAddress = { account: string; region: string; name: string }

const namePattern = /^(?=.{2,256}$)(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/

export const repositoryArn = ({ account, region, name }: RepositoryAddress): string =>
  `arn:aws:ecr:${region}:${account}:repository/${name}`

export const createRepositories = (now: () => Date) => {
  const repositories = new Map<string, Repository>()
  const key = ({ account, region, name }: RepositoryAddress): string => `${account}/${region}/${name}`

  /** Throws RepositoryNotFoundException. */
  const find = (at: RepositoryAddress): Repository => {
    const repository = repositories.get(key(at))
    if (repository !== undefined) return repository
    throw new AwsError(
      'RepositoryNotFoundException',
      `The repository with name '${at.name}' does not exist in the registry with id '${at.account}'`,
    )
  }

  return {
    find,
    list: (account: string, region: string): Repository[] =>
      [...repositories.values()].filter((repository) => repository.account === account && repository.region === region),
    create(at: RepositoryAddress, tagMutability: Repository['tagMutability'] = 'MUTABLE', policy?: PolicyDocument): Repository {
      if (!namePattern.test(at.name ?? '')) {
        throw invalidParameter('repositoryName', `must satisfy regular expression '${namePattern.source}'`)
      }
      if (repositories.has(key(at))) {
        const message = `The repository with name '${at.name}' already exists in the registry with id '${at.account}'`
        throw new AwsError('RepositoryAlreadyExistsException', message)
      }
      const repository: Repository = {
        ...at,
        arn: repositoryArn(at),
        uri: `${at.account}.dkr.ecr.${at.region}.amazonaws.com/${at.name}`,
        createdAt: now(),
        tagMutability,
        ...(policy === undefined ? {} : { policy }),
        path: key(at),
        images: new Map(),
        tags: new Map(),
      }
      repositories.set(repository.path, repository)
      return repository
    },
    /** Finds it, and throws AccessDeniedException unless the caller is at home there or the repository's policy lets it in. */
    open(at: RepositoryAddress, principal: Principal, action: string): Repository {
      const repository = find(at)
      if (principal.account === at.account) return repository
      const { account, role, arn } = principal
      const caller = role === undefined ? arn : `arn:aws:iam::${account}:role/${role}`
      const context = { 'aws:PrincipalArn': caller }
      const request = { action, resource: repository.arn, principal: { AWS: namesOf(principal) }, context }
      if (repository.policy !== undefined && evaluate([repository.policy], request) === 'allowed') return repository
      throw accessDenied(
        'ecr',
        `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${repository.arn} ` +
          `because no resource-based policy allows the ${action} action`,
      )
    },
  }
}

export type Repositories = ReturnType<typeof createRepositories>
