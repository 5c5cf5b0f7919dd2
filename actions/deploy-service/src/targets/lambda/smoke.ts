import { InvokeCommand, type InvokeCommandOutput } from '@aws-sdk/client-lambda'
import { call, isNamed, isPassing } from '../../../../../lib/aws/errors.ts'
import type { Invocation } from '../../place.ts'
import type { Cause } from '../../target.ts'
import { Failed } from './pace.ts'
import { refusal, type Work } from './update.ts'

/** What an invocation ended with. */
export type Answer = { payload: string; functionError?: string; executedVersion: string; log: string[] }

/** `GET /version` as an HTTP API of payload format 2.0 asks for it. */
export const versionEvent = (now: number) => ({
  version: '2.0',
  routeKey: '$default',
  rawPath: '/version',
  rawQueryString: '',
  headers: { accept: 'application/json', host: 'smoke.invalid', 'user-agent': 'slipway' },
  requestContext: {
    accountId: 'anonymous',
    apiId: 'smoke',
    domainName: 'smoke.invalid',
    domainPrefix: 'smoke',
    http: { method: 'GET', path: '/version', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'slipway' },
    requestId: 'smoke',
    routeKey: '$default',
    stage: '$default',
    time: new Date(now).toISOString(),
    timeEpoch: now,
  },
  isBase64Encoded: false,
})

/** Why an answer is not the right one; undefined where it is. */
export const problemOf = (smoke: Invocation, { payload, functionError }: Answer): string | undefined => {
  if (functionError !== undefined) return `it ended with an error: ${errorText(payload) || functionError}`
  if ('event' in smoke) return undefined
  const { statusCode, body } = responseOf(payload)
  if (statusCode !== 200) return `/version answered ${statusCode}`
  const actual = typeof body === 'object' && body !== null && 'version' in body ? body.version : undefined
  return actual === smoke.version ? undefined : `/version answers with version ${actual ?? '(none)'}, expected ${smoke.version}`
}

const errorText = (payload: string): string => {
  const { errorType = '', errorMessage = '' } = fields(parsed(payload))
  return [errorType, errorMessage].filter((text) => text !== '').join(': ')
}

/** An answer without a status code is the body itself (API Gateway, HTTP API, payload format 2.0). */
const responseOf = (payload: string): { statusCode: unknown; body: unknown } => {
  const answer = parsed(payload)
  const { statusCode, body, isBase64Encoded } = fields(answer)
  if (statusCode === undefined) return { statusCode: 200, body: answer }
  const text = isBase64Encoded === true ? Buffer.from(String(body), 'base64').toString('utf8') : String(body ?? '')
  return { statusCode, body: parsed(text) }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
const fields = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

/** Invokes a version before any traffic reaches it. Throws `Failed` with the last lines of its log where it does not answer as it should. */
export const smokeVersion = async (work: Work, name: string, version: string, smoke: Invocation): Promise<void> => {
  const answer = await invoke(work, name, version, smoke)
  const problem = problemOf(smoke, answer)
  if (problem === undefined) {
    work.tools.log.info(`  ${name}: version ${version} answers as it should`)
    return
  }
  const cause: Cause = { reason: `${name}: version ${version} was invoked: ${problem}`, count: 1, container: name }
  throw new Failed({ ...cause, ...(answer.log.length > 0 && { log: answer.log }) })
}

/** A function that lay idle refuses its first invocation and is ready some seconds later. */
const NOT_READY = ['ResourceNotReadyException', 'CodeArtifactUserPendingException', 'ResourceConflictException']
const ATTEMPTS = 8

/** An event may do something, so it is sent again only where the function did not get it. */
export const invoke = async (
  { functions, pace, tools }: Work,
  name: string,
  qualifier: string,
  smoke: Invocation,
): Promise<Answer> => {
  const payload = 'event' in smoke ? smoke.event : versionEvent(tools.clock.now())
  const command = new InvokeCommand({
    FunctionName: name,
    Qualifier: qualifier,
    LogType: 'Tail',
    Payload: new TextEncoder().encode(JSON.stringify(payload)),
  })
  for (let attempt = 1; ; attempt += 1) {
    pace.check()
    try {
      return answerOf(await call('lambda:Invoke', () => functions.once.send(command)))
    } catch (error) {
      const mayRepeat = isNamed(error, ...NOT_READY) || (isPassing(error) && 'version' in smoke)
      if (!mayRepeat || attempt === ATTEMPTS) throw refusal(name, error)
      tools.log.info(`  ${(error as Error).message}; invoking it again`)
      await pace.pause()
    }
  }
}

const answerOf = ({ Payload, FunctionError, ExecutedVersion = '', LogResult = '' }: InvokeCommandOutput): Answer => ({
  payload: new TextDecoder().decode(Payload),
  ...(FunctionError !== undefined && { functionError: FunctionError }),
  executedVersion: ExecutedVersion,
  log: Buffer.from(LogResult, 'base64')
    .toString('utf8')
    .split('\n')
    .filter((line) => line.trim() !== ''),
})
