import type { Operation, Service } from '../service.ts'
import { imageOperations } from './image-operations.ts'
import { layerOperations } from './layer-operations.ts'
import type { Registries } from './registries.ts'
import type { Repositories } from './repositories.ts'
import { repositoryOperations } from './repository-operations.ts'
import type { OciStore } from './store.ts'
import type { RegistryTokens } from './tokens.ts'

export type EcrDependencies = {
  now(): Date
  store: OciStore
  repositories: Repositories
  registries: Registries
  tokens: RegistryTokens
}

/** The ECR API. The registry's HTTP interface on the same images is in `registry.ts`. */
export const ecrService = (dependencies: EcrDependencies): Service => {
  const { tokens, registries } = dependencies
  const getAuthorizationToken: Operation<{ registryIds?: string[] }> = {
    authorize: () => [{ action: 'ecr:GetAuthorizationToken', resource: '*' }],
    run: async ({ registryIds }, { principal, region }) => {
      const { password, expiresAt } = tokens.issue(principal)
      const authorizationToken = Buffer.from(`AWS:${password}`).toString('base64')
      const accounts = registryIds ?? [principal.account]
      const endpoints = await Promise.all(accounts.map((account) => registries.url(account, region)))
      return { authorizationData: endpoints.map((proxyEndpoint) => ({ authorizationToken, expiresAt, proxyEndpoint })) }
    },
  }
  return {
    name: 'ecr',
    operations: {
      GetAuthorizationToken: getAuthorizationToken,
      ...repositoryOperations(dependencies.repositories),
      ...imageOperations(dependencies),
      ...layerOperations(dependencies),
    },
  }
}
