import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import type { App } from '../../listen.ts'
import type { Perform } from '../perform.ts'
import type { Recorder } from '../recorder.ts'
import type { Call } from '../service.ts'
import { type RegistryContent, registryAnswers } from './registry-answers.ts'
import { asRegistryError, RegistryError, registryErrorResponse } from './registry-errors.ts'
import { parseRegistryRequest, type RegistryRequest } from './registry-requests.ts'
import { type Repositories, repositoryArn } from './repositories.ts'
import type { RegistryTokens } from './tokens.ts'

export type RegistryDependencies = {
  repositories: Repositories
  tokens: RegistryTokens
  recorder: Recorder
  perform: Perform
  content: RegistryContent
}

const challenge = (account: string, region: string) => ({
  'www-authenticate': `Basic realm="https://${account}.dkr.ecr.${region}.amazonaws.com/",service="ecr.amazonaws.com"`,
})

/** A part that comes with the completing PUT needs both permissions. */
const authorizationsOf = ({ action, method }: RegistryRequest, arn: string, empty: boolean) =>
  (action === 'CompleteLayerUpload' && method === 'PUT' && !empty ? ['UploadLayerPart', action] : [action]).map((name) => ({
    action: `ecr:${name}`,
    resource: arn,
  }))

/**
 * `/v2/` of one registry, that is of one account in one region: Basic authentication with ECR's tokens, the caller's
 * permissions and the repository's policy asked as for the API, every request recorded under its IAM action.
 */
export const createRegistry = (account: string, region: string, dependencies: RegistryDependencies): App => {
  const { repositories, tokens, recorder, perform, content } = dependencies
  const app: App = new Hono<{ Bindings: HttpBindings }>()

  app.all('*', async ({ req, env: { incoming } }) => {
    const principal = tokens.check(req.header('authorization'))
    if (principal === undefined) {
      return registryErrorResponse(new RegistryError(401, 'UNAUTHORIZED', 'Not Authorized'), challenge(account, region))
    }
    if (principal === 'expired') {
      const message = 'Your authorization token has expired. Reauthenticate and try again.'
      return registryErrorResponse(new RegistryError(403, 'DENIED', message), challenge(account, region))
    }
    if (/^\/v2\/?$/.test(req.path)) return Response.json({}, { headers: { 'docker-distribution-api-version': 'registry/2.0' } })
    let recorded: ReturnType<Recorder['open']> | undefined
    try {
      const request = parseRegistryRequest(req.method, req.path)
      const at = { account, region, name: request.repository }
      const call: Call = { service: 'ecr', operation: request.action, region, principal }
      recorded = recorder.open(call, { registryId: account, repositoryName: at.name, reference: request.reference }, 'registry')
      return await perform(call, recorded, {
        authorize: () => authorizationsOf(request, repositoryArn(at), req.header('content-length') === '0'),
        run: () =>
          registryAnswers[request.action](content, repositories.open(at, principal, `ecr:${request.action}`), request, incoming),
        reset: () => incoming.socket.resetAndDestroy(),
      })
    } catch (cause) {
      const error = asRegistryError(cause)
      recorded?.end(error.code)
      return registryErrorResponse(error)
    }
  })
  return app
}
