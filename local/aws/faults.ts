import type { HttpBindings } from '@hono/node-server'
import { AwsError, type Call } from './service.ts'

/**
 * - `throttle`, `error-500`, `deny`, `expire`: answered with that error, nothing is applied
 * - `hang`: nothing is applied and no answer ever comes
 * - `hang-after-apply`: the call takes effect, and no answer ever comes
 * - `reset-after-apply`: the call takes effect, then the connection is reset instead of an answer
 * - `stall-after-apply`: the call takes effect, and the answer ends for ever in the middle of its body
 * - `page-503`: nothing is applied, and a front end answers with a page in the place of the service
 * - `page-504-after-apply`: the call takes effect, and a front end that would not wait answers with a page
 */
export type FaultEffect =
  | 'throttle'
  | 'error-500'
  | 'hang'
  | 'hang-after-apply'
  | 'reset-after-apply'
  | 'stall-after-apply'
  | 'page-503'
  | 'page-504-after-apply'
  | 'deny'
  | 'expire'

export type Fault = {
  /** `ecs:UpdateService`; for the registry's HTTP interface the IAM action, `ecr:UploadLayerPart`; `*` for any call. */
  call: string
  /** Strikes only the nth such call after the fault was set, from 1. Without it every call is struck. */
  nth?: number
  /** Strikes this call, counted in the same way, and every later one. */
  from?: number
  then: FaultEffect
}

export type Faults = {
  /** Replaces all faults and starts counting anew. `onHang` is told the moment from which a caller waits in vain. */
  set(faults: Fault[], onHang?: () => void): void
  /** Counts the call and says what befalls it. */
  strike(service: string, operation: string): FaultEffect | undefined
  /** Never answers. */
  hang(): Promise<never>
}

const strikes = ({ nth, from }: Fault, seen: number): boolean =>
  (nth === undefined || nth === seen) && (from === undefined || seen >= from)

export const createFaults = (initial: Fault[] = []): Faults => {
  let armed: { fault: Fault; seen: number }[] = []
  let told: (() => void) | undefined
  const set: Faults['set'] = (faults, onHang) => {
    armed = faults.map((fault) => ({ fault, seen: 0 }))
    told = onHang
  }
  set(initial)
  return {
    set,
    strike: (service, operation) => {
      let effect: FaultEffect | undefined
      for (const rule of armed) {
        if (rule.fault.call !== '*' && rule.fault.call !== `${service}:${operation}`) continue
        rule.seen += 1
        if (strikes(rule.fault, rule.seen)) effect ??= rule.fault.then
      }
      return effect
    },
    hang: () => {
      told?.()
      return new Promise<never>(() => {})
    },
  }
}

/** What a caller gets from a front end: neither an answer of the service nor an error of it. */
export class FrontEndPage extends Error {
  readonly status: number

  constructor(status: number) {
    super(`a page with status ${status}`)
    this.status = status
  }

  /** As load balancers write it: tags that are not closed, so that it is no XML either. */
  response(): Response {
    const page = `<html>\r\n<head><title>${this.status}</title></head>\r\n<body>\r\n<hr>\r\n</body>\r\n</html>\r\n`
    return new Response(page, { status: this.status, headers: { 'content-type': 'text/html' } })
  }
}

/** The head of an answer, and a part of the body that it promises. */
export const stalled = (outgoing: HttpBindings['outgoing']): void => {
  outgoing.writeHead(200, { 'content-length': '100' })
  outgoing.write('{')
}

const speakQuery = ['sts', 'cloudformation']

/** The one operation whose action has another name. */
const actionOf = (operation: string): string => (operation === 'Invoke' ? 'InvokeFunction' : operation)

/** The error by which AWS would show that effect; nothing for the effects that are not an answer. */
export const faultError = (effect: FaultEffect, { service, operation, principal }: Call): AwsError | undefined => {
  switch (effect) {
    case 'throttle':
      if (service === 'ec2') return new AwsError('RequestLimitExceeded', 'Request limit exceeded.', 503)
      if (service === 'lambda') return new AwsError('TooManyRequestsException', 'Rate exceeded', 429, { Type: 'User' })
      return speakQuery.includes(service)
        ? new AwsError('Throttling', 'Rate exceeded')
        : new AwsError('ThrottlingException', 'Rate exceeded')
    case 'error-500':
      if (service === 'ec2') return new AwsError('InternalError', 'An internal error has occurred', 500)
      if (service === 'lambda') return new AwsError('ServiceException', 'Internal service error', 500, { Type: 'Service' })
      return new AwsError('InternalFailure', 'The request processing has failed because of an unknown error.', 500)
    case 'deny': {
      return accessDenied(service, `User: ${principal.arn} is not authorized to perform: ${service}:${actionOf(operation)}`)
    }
    case 'expire':
      return expiredToken(service)
    case 'hang':
    case 'hang-after-apply':
    case 'reset-after-apply':
    case 'stall-after-apply':
    case 'page-503':
    case 'page-504-after-apply':
      return undefined
  }
}

/** STS and CloudFormation, query services, leave the suffix away and answer 403; EC2 has names of its own, REST services the status of HTTP. */
export const accessDenied = (service: string, message: string): AwsError => {
  if (service === 'ec2')
    return new AwsError('UnauthorizedOperation', `You are not authorized to perform this operation. ${message}`, 403)
  if (speakQuery.includes(service)) return new AwsError('AccessDenied', message, 403)
  return new AwsError('AccessDeniedException', message, service === 'lambda' ? 403 : 400)
}

export const expiredToken = (service: string): AwsError => {
  const message = 'The security token included in the request is expired'
  if (service === 'ec2') return new AwsError('RequestExpired', 'Request has expired.')
  if (speakQuery.includes(service)) return new AwsError('ExpiredToken', message, 403)
  return new AwsError('ExpiredTokenException', message, service === 'lambda' ? 403 : 400)
}
