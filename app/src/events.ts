import { handle, type LambdaEvent } from 'hono/aws-lambda'
import type { App } from './app.ts'
import type { Configuration } from './configuration.ts'
import type { Handler } from './runtime-api.ts'

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** Events of API Gateway's HTTP APIs and of function URLs, which look the same. */
const isHttp = (event: unknown): event is LambdaEvent =>
  isObject(event) && event['version'] === '2.0' && isObject(event['requestContext']) && 'http' in event['requestContext']

/** Answers HTTP events as the server answers requests, and `{ "ping": true }`, which a deployment can send. Rejects anything else. */
export const eventHandler = (app: App, { service, version, environment }: Configuration): Handler => {
  const answer = handle(app)
  return async ({ event }) => {
    if (isHttp(event)) return answer(event)
    if (isObject(event) && event['ping'] === true) return { pong: true, service, version, environment }
    throw new TypeError('the event is neither an HTTP event of format 2.0 nor { "ping": true }')
  }
}
