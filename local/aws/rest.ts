import type { WireRequest } from './protocols.ts'
import type { Service } from './service.ts'

/** As AWS's models bind an operation to HTTP: method, path with `{Member}`s, status of a success. */
export type Route = readonly [method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, status: number]

/** Members of inputs and outputs that travel as headers. `Payload` is the whole body, `StatusCode` the status. */
const headers: Record<string, string> = {
  InvocationType: 'x-amz-invocation-type',
  LogType: 'x-amz-log-type',
  ExecutedVersion: 'x-amz-executed-version',
  FunctionError: 'x-amz-function-error',
  LogResult: 'x-amz-log-result',
}

type HttpRequest = { method: string; url: URL; header(name: string): string | undefined; body: string }

/** Members of the path; undefined when the request is not of this route. A query in the path must be there as it is. */
const match = ([method, template]: Route, { method: asked, url }: HttpRequest): Record<string, string> | undefined => {
  const [path = '', query] = template.split('?')
  if (method !== asked) return undefined
  if (query !== undefined && !url.search.slice(1).split('&').includes(query)) return undefined
  const pattern = path.replaceAll(/[.$]/g, '\\$&').replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')
  const found = new RegExp(`^${pattern}$`).exec(url.pathname)
  const members = Object.entries(found?.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)])
  return found === null ? undefined : Object.fromEntries(members)
}

/** Reads a REST-JSON request by the routes of a service's operations, of which the first that fits is meant. */
export const parseRest = (operations: Service['operations'], request: HttpRequest): WireRequest | undefined => {
  for (const [operation, { route }] of Object.entries(operations)) {
    const members = route && match(route, request)
    if (!route || !members) continue
    const bound = Object.entries(headers).flatMap(([member, name]) => {
      const value = request.header(name)
      return value === undefined ? [] : [[member, value]]
    })
    // What is invoked gets its payload as it is; every other body is an object of members.
    const body = operation === 'Invoke' ? { Payload: request.body } : request.body === '' ? {} : JSON.parse(request.body)
    const input = { ...body, ...Object.fromEntries([...request.url.searchParams, ...bound]), ...members }
    return { protocol: 'json', operation, input, status: route[2] }
  }
  return undefined
}

/** The parts of an output that are not members of its body. */
export const boundToHttp = (output: Record<string, unknown>) => ({
  status: typeof output['StatusCode'] === 'number' ? output['StatusCode'] : undefined,
  headers: Object.fromEntries(
    Object.entries(headers).flatMap(([member, name]) => (output[member] === undefined ? [] : [[name, String(output[member])]])),
  ),
  payload: typeof output['Payload'] === 'string' ? output['Payload'] : undefined,
})
