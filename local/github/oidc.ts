import { randomBytes, randomUUID } from 'node:crypto'
import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { exportJWK, generateKeyPair, type JSONWebKeySet, SignJWT } from 'jose'
import { type App, listen } from '../listen.ts'
import type { Claims } from './claims.ts'

export const gitHubIssuer = 'https://token.actions.githubusercontent.com'

export type TokenOptions = {
  /** Put into the token whatever audience the job asks for. */
  audience?: string
  /** Signed with GitHub's key all the same. */
  issuer?: string
  /** Seconds from now until the token expires; negative makes it already expired. GitHub's tokens live 300 s. */
  lifetime?: number
}

let pair: ReturnType<typeof generateKeyPair> | undefined

/** GitHub's OIDC issuer: its name and claims, on a loopback port, with keys that are made once a process. */
export const startIssuer = async (now: () => Date) => {
  pair ??= generateKeyPair('RS256')
  const { publicKey, privateKey } = await pair
  const kid = randomUUID()
  const jwks: JSONWebKeySet = { keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' }] }
  const jobs = new Map<string, { claims: Claims; options: TokenOptions; token: string }>()

  /** Signs a token at once, as the request endpoint does for a job. */
  const sign = (claims: Claims, audience: string, options: TokenOptions = {}): Promise<string> => {
    const { lifetime = 300, audience: forced, issuer = gitHubIssuer } = options
    const seconds = Math.floor(now().getTime() / 1000)
    return new SignJWT({ ...claims, jti: randomUUID() })
      .setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid })
      .setIssuer(issuer)
      .setAudience(forced ?? audience)
      .setIssuedAt(Math.min(seconds, seconds + lifetime))
      .setNotBefore(Math.min(seconds, seconds + lifetime) - 300)
      .setExpirationTime(seconds + lifetime)
      .sign(privateKey)
  }

  const app: App = new Hono<{ Bindings: HttpBindings }>()
  app.get('/.well-known/openid-configuration', (context) =>
    context.json({
      issuer: gitHubIssuer,
      jwks_uri: `${new URL(context.req.url).origin}/.well-known/jwks`,
      subject_types_supported: ['public', 'pairwise'],
      response_types_supported: ['id_token'],
      id_token_signing_alg_values_supported: ['RS256'],
      scopes_supported: ['openid'],
    }),
  )
  app.get('/.well-known/jwks', (context) => context.json(jwks))
  app.get('/jobs/:id/idtoken', async (context) => {
    const job = jobs.get(context.req.param('id'))
    if (job === undefined || context.req.header('authorization')?.replace(/^bearer /i, '') !== job.token) {
      return context.json({ message: 'the token request is not authorised' }, 401)
    }
    const audience = context.req.query('audience') ?? `https://github.com/${job.claims['repository_owner']}`
    return context.json({ value: await sign(job.claims, audience, job.options) })
  })
  const listener = await listen(app)

  return {
    url: listener.url,
    jwks,
    /** Registers a job: what the runner would put into ACTIONS_ID_TOKEN_REQUEST_URL and _TOKEN of its environment. */
    job(claims: Claims, options: TokenOptions = {}) {
      const id = randomUUID()
      const token = randomBytes(32).toString('base64url')
      jobs.set(id, { claims, options, token })
      // The query is there already, as on GitHub: @actions/core appends `&audience=`.
      return { url: `${listener.url}/jobs/${id}/idtoken?api-version=2.0`, token }
    },
    sign,
    close: listener.close,
  }
}

export type Issuer = Awaited<ReturnType<typeof startIssuer>>
