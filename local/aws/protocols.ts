import { randomUUID } from 'node:crypto'
import { boundToHttp } from './rest.ts'
import type { AwsError } from './service.ts'

/** A request as the SDKs send it, taken apart. */
export type WireRequest = {
  protocol: 'json' | 'query' | 'ec2'
  /** Undefined when the request is neither AWS JSON nor AWS query: a REST call, which only the routes of its service can tell. */
  operation: string | undefined
  input: Record<string, unknown>
  namespace?: string | undefined
  /** Of a success, where the operation has a route. */
  status?: number
}

/** By the version that a request names. */
const namespaces: Record<string, string> = {
  '2010-05-15': 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
  '2011-06-15': 'https://sts.amazonaws.com/doc/2011-06-15/',
  '2015-12-01': 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/',
  '2016-11-15': 'http://ec2.amazonaws.com/doc/2016-11-15/',
}

/** AWS JSON names the operation in a header, AWS query in the form body. */
export const parseRequest = (target: string | undefined, contentType: string, body: string): WireRequest => {
  if (target !== undefined) {
    return { protocol: 'json', operation: target.slice(target.lastIndexOf('.') + 1), input: body === '' ? {} : JSON.parse(body) }
  }
  if (!contentType.startsWith('application/x-www-form-urlencoded')) return { protocol: 'json', operation: undefined, input: {} }
  const { Action: operation, Version: version = '', ...input } = Object.fromEntries(new URLSearchParams(body))
  return { protocol: version === '2016-11-15' ? 'ec2' : 'query', operation, input, namespace: namespaces[version] }
}

/** Timestamps travel as seconds since the epoch, blobs as base64. */
const jsonValue = function (this: unknown, key: string, value: unknown): unknown {
  const original = (this as Record<string, unknown>)[key]
  if (original instanceof Date) return original.getTime() / 1000
  return original instanceof Uint8Array ? Buffer.from(original).toString('base64') : value
}

const escapeXml = (text: string): string =>
  text.replace(/[<>&]/g, (sign) => ({ '<': '&lt;', '>': '&gt;', '&': '&amp;' })[sign] ?? sign)

const toXml = (value: unknown, element: 'member' | 'item'): string => {
  if (value === undefined || value === null) return ''
  if (value instanceof Date) return value.toISOString()
  if (typeof value !== 'object') return escapeXml(String(value))
  if (Array.isArray(value)) return value.map((member) => `<${element}>${toXml(member, element)}</${element}>`).join('')
  return Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => `<${key}>${toXml(member, element)}</${key}>`)
    .join('')
}

const jsonResponse = (status: number, body: unknown, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body, jsonValue), {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID(), ...headers },
  })

const xmlResponse = (status: number, body: (requestId: string) => string): Response => {
  const requestId = randomUUID()
  return new Response(body(requestId), { status, headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId } })
}

const queryResult = (operation: string | undefined, namespace: string | undefined, output: unknown) => (id: string) =>
  `<${operation}Response xmlns="${namespace}"><${operation}Result>${toXml(output, 'member')}</${operation}Result>` +
  `<ResponseMetadata><RequestId>${id}</RequestId></ResponseMetadata></${operation}Response>`

/** EC2's query protocol has no result element, and calls the members of a list `item`. */
const ec2Result = (operation: string | undefined, namespace: string | undefined, output: unknown) => (id: string) =>
  `<${operation}Response xmlns="${namespace}"><requestId>${id}</requestId>${toXml(output, 'item')}</${operation}Response>`

const restResult = (usual: number, output: unknown): Response => {
  const { status = usual, headers, payload } = boundToHttp((output ?? {}) as Record<string, unknown>)
  if (status === 204) return new Response(null, { status })
  return payload === undefined ? jsonResponse(status, output, headers) : new Response(payload, { status, headers })
}

export const renderResult = ({ protocol, operation, namespace, status }: WireRequest, output: unknown): Response => {
  if (status !== undefined) return restResult(status, output)
  if (protocol === 'json') return jsonResponse(200, output ?? {})
  return xmlResponse(200, (protocol === 'ec2' ? ec2Result : queryResult)(operation, namespace, output))
}

const queryError = (error: AwsError, namespace: string | undefined) => (id: string) =>
  `<ErrorResponse xmlns="${namespace}"><Error><Type>${error.status < 500 ? 'Sender' : 'Receiver'}</Type>` +
  `<Code>${error.name}</Code><Message>${escapeXml(error.message)}</Message></Error><RequestId>${id}</RequestId></ErrorResponse>`

const ec2Error = (error: AwsError) => (id: string) =>
  `<Response><Errors><Error><Code>${error.name}</Code><Message>${escapeXml(error.message)}</Message></Error></Errors>` +
  `<RequestID>${id}</RequestID></Response>`

export const renderError = ({ protocol, namespace }: WireRequest, error: AwsError): Response => {
  if (protocol === 'ec2') return xmlResponse(error.status, ec2Error(error))
  if (protocol === 'query') return xmlResponse(error.status, queryError(error, namespace))
  const body = { __type: error.name, message: error.message, ...error.fields }
  return jsonResponse(error.status, body, { 'x-amzn-errortype': error.name })
}

export type Scope = { accessKeyId: string; region: string; service: string }

const credential = /Credential=([^/,\s]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/

/** The credential scope of a SigV4 `Authorization` header; undefined when the request is unsigned. */
export const parseScope = (authorization: string | undefined): Scope | undefined => {
  const [, accessKeyId, region, service] = credential.exec(authorization ?? '') ?? []
  return accessKeyId === undefined || region === undefined || service === undefined ? undefined : { accessKeyId, region, service }
}
