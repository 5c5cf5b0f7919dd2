import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { type App, type Listener, listen } from '../../listen.ts'
import { FrontEndPage, stalled } from '../faults.ts'
import type { Perform } from '../perform.ts'
import type { OpenCall, Recorder } from '../recorder.ts'
import { inEachRegion } from '../service.ts'
import { createDownloads } from './downloads.ts'
import { type RegistryContent, registryAnswers } from './registry-answers.ts'
import { asRegistryError, RegistryError, registryErrorResponse } from './registry-errors.ts'
import { type Repositories, repositoryArn } from './repositories.ts'
import type { OciStore } from './store.ts'
import type { RegistryTokens } from './tokens.ts'

type RegistryDependencies = {
  now(): Date
  store: OciStore
  repositories: Repositories
  tokens: RegistryTokens
  recorder: Recorder
  perform: Perform
}

const paths =
  /^\/v2\/(?<name>.+?)\/(?:blobs\/(?<uploads>uploads)\/?|(?<kind>blobs|manifests|referrers|tags)\/)(?<reference>[^/]*)$/

const parse = (method: string, path: string) => {
  const { name, uploads, kind = uploads ?? '', reference = '' } = paths.exec(path)?.groups ?? {}
  const [action, answer, permission = action] = registryAnswers[kind]?.[method] ?? []
  if (name !== undefined && action !== undefined && answer !== undefined && permission !== undefined) {
    return { name, action, answer, permission, reference }
  }
  throw new RegistryError(405, 'UNSUPPORTED', `NotImplemented: registry ${method} ${path}`)
}

/**
 * `/v2/` of one registry, that is of one account in one region: Basic authentication with ECR's tokens, the caller's
 * permissions and the repository's policy asked as for the API, every request recorded under its IAM action.
 */
const createRegistry = (account: string, region: string, dependencies: RegistryDependencies, content: RegistryContent): App => {
  const { repositories, tokens, recorder, perform } = dependencies
  const app: App = new Hono<{ Bindings: HttpBindings }>()
  const realm = `realm="https://${account}.dkr.ecr.${region}.amazonaws.com/",service="ecr.amazonaws.com"`
  const refuse = (status: number, code: string, message: string) =>
    registryErrorResponse(new RegistryError(status, code, message), { 'www-authenticate': `Basic ${realm}` })

  app.all('*', async ({ req, env: { incoming, outgoing } }) => {
    const principal = tokens.check(req.header('authorization'))
    if (principal === undefined) return refuse(401, 'UNAUTHORIZED', 'Not Authorized')
    if (principal === 'expired')
      return refuse(403, 'DENIED', 'Your authorization token has expired. Reauthenticate and try again.')
    if (/^\/v2\/?$/.test(req.path)) return Response.json({}, { headers: { 'docker-distribution-api-version': 'registry/2.0' } })
    let recorded: OpenCall | undefined
    try {
      const { name, action, answer, permission, reference } = parse(req.method, req.path)
      const at = { account, region, name }
      const call = { service: 'ecr', operation: action, region, principal }
      recorded = recorder.open(call, { registryId: account, repositoryName: name, reference }, 'registry')
      // A part that comes with the completing PUT needs both permissions.
      const uploads = action === 'CompleteLayerUpload' && req.header('content-length') !== '0'
      const actions = uploads ? ['UploadLayerPart', action] : [permission]
      return await perform(call, recorded, {
        authorize: () => actions.map((each) => ({ action: `ecr:${each}`, resource: repositoryArn(at) })),
        run: () => answer(content, { repository: repositories.open(at, principal, `ecr:${permission}`), reference, incoming }),
        reset: () => incoming.socket.resetAndDestroy(),
        stall: () => stalled(outgoing),
      })
    } catch (cause) {
      if (cause instanceof FrontEndPage) return cause.response()
      const error = asRegistryError(cause)
      recorded?.end(error.code)
      return registryErrorResponse(error)
    }
  })
  return app
}

/** The registries of all accounts and regions, each on a port of its own: its address alone tells whose it is. */
export const createRegistries = (dependencies: RegistryDependencies) => {
  const { now, store } = dependencies
  const downloads = createDownloads(store, now)
  const content = { now, store, uploads: new Map(), downloadUrl: downloads.url }
  const listeners = inEachRegion(
    (account, region): Promise<Listener> => listen(createRegistry(account, region, dependencies, content)),
  )
  return {
    /** `http://127.0.0.1:PORT` of that registry, opened when it is first asked for. */
    url: async (account: string, region: string): Promise<string> => (await listeners.find(account, region)).url,
    /** A URL that needs no `Authorization`, valid an hour. */
    downloadUrl: downloads.url,
    async close(): Promise<void> {
      await Promise.all([downloads.close(), ...listeners.all().map(async (listener) => (await listener).close())])
    },
  }
}

export type Registries = ReturnType<typeof createRegistries>
