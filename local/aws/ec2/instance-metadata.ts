import { randomBytes } from 'node:crypto'
import type { HttpBindings } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { type App, type Listener, listen } from '../../listen.ts'
import type { Credentials } from '../credentials.ts'
import type { Instance } from './fleet.ts'

/** EC2's own keys for an instance live for six hours. */
const seconds = 21_600

/**
 * The instance metadata service, version 2 alone: a token first, then what an instance may know of itself, the keys of its role
 * among it. Served on a port of its own for each instance, for AWS_EC2_METADATA_SERVICE_ENDPOINT.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
 */
export const startInstanceMetadata = (find: () => Instance | undefined, issue: Credentials['issue']): Promise<Listener> => {
  const tokens = new Set<string>()
  let keys: { role: string; key: ReturnType<typeof issue> } | undefined

  const keysOf = ({ account, instanceId, role = '' }: Instance) => {
    const isFresh = keys?.role === role && keys.key.expiration.getTime() - Date.now() > 600_000
    const arn = `arn:aws:sts::${account}:assumed-role/${role}/${instanceId}`
    if (keys === undefined || !isFresh) keys = { role, key: issue({ account, arn, role }, seconds) }
    return {
      Code: 'Success',
      LastUpdated: new Date(keys.key.expiration.getTime() - seconds * 1000),
      Type: 'AWS-HMAC',
      AccessKeyId: keys.key.accessKeyId,
      SecretAccessKey: keys.key.secretAccessKey,
      Token: keys.key.sessionToken,
      Expiration: keys.key.expiration,
    }
  }

  const answers: Record<string, (instance: Instance) => string | object | undefined> = {
    '/meta-data/instance-id': ({ instanceId }) => instanceId,
    '/meta-data/placement/region': ({ region }) => region,
    '/meta-data/iam/security-credentials': ({ role }) => role,
    '/dynamic/instance-identity/document': ({ account, region, instanceId, architecture }) => {
      return { accountId: account, region, instanceId, architecture, version: '2017-09-30' }
    },
  }

  const app: App = new Hono<{ Bindings: HttpBindings }>()
  app.put('/latest/api/token', ({ req, text }) => {
    const asked = Number(req.header('x-aws-ec2-metadata-token-ttl-seconds') ?? 0)
    if (!Number.isInteger(asked) || asked < 1 || asked > seconds) return text('', 400)
    const token = randomBytes(40).toString('base64url')
    tokens.add(token)
    return text(token, 200, { 'x-aws-ec2-metadata-token-ttl-seconds': String(asked) })
  })
  app.get('/latest/*', ({ req, text, json }: Context) => {
    if (!tokens.has(req.header('x-aws-ec2-metadata-token') ?? '')) return text('', 401)
    const instance = find()
    const path = req.path.replace(/^\/latest|\/$/g, '')
    if (instance?.state !== 'running') return text('', 404)
    if (path === `/meta-data/iam/security-credentials/${instance.role}`) return json(keysOf(instance))
    const answer = answers[path]?.(instance)
    if (answer === undefined) return text('', 404)
    return typeof answer === 'string' ? text(answer) : json(answer)
  })
  return listen(app)
}
