import type { Route } from './rest.ts'

/** The identity behind a request: what the access key of its signature was issued to. */
export type Principal = {
  account: string
  /** As `GetCallerIdentity` would say it. */
  arn: string
  accessKeyId: string
  /** Name of the assumed role; absent for the administrator keys that a scenario starts with. */
  role?: string
}

/** One question that IAM would be asked for a call. */
export type Authorization = {
  /** As in a policy, `ecs:UpdateService`. */
  action: string
  /** An ARN, or `*` for actions without resource-level permissions. */
  resource: string
  /** Condition keys and their values, `{ 'ecs:cluster': 'arn:…' }`. */
  context?: Record<string, string>
}

export type Call = {
  service: string
  operation: string
  region: string
  principal: Principal
}

/** An operation states the input it reads; the dispatcher hands over what the SDK sent, parsed. */
export type Operation<I = never> = {
  /** Where the service speaks REST-JSON. */
  route?: Route
  /** What IAM is asked, from the service authorization reference. Recorded with the call. */
  authorize(input: I, call: Call): Authorization[]
  run(input: I, call: Call): unknown
}

/** The input of an operation, as the SDK's aggregated client `C` types it. */
export type InputOf<C, N extends string> =
  Uncapitalize<N> extends keyof C ? (C[Uncapitalize<N>] extends (input: infer I, callback: never) => unknown ? I : never) : never

/** One of something for each account in each region, made when it is first asked for. */
export const inEachRegion = <T>(make: (account: string, region: string) => T) => {
  const made = new Map<string, T>()
  const find = (account: string, region: string): T => {
    const key = `${account}/${region}`
    const found = made.get(key) ?? make(account, region)
    made.set(key, found)
    return found
  }
  return { find, all: (): T[] => [...made.values()] }
}

/** An AWS service as the endpoint serves it. An operation that is not listed is answered with `NotImplemented`. */
export type Service = {
  /** Signing name: `ecs`, `ecr`, `ssm`, `sts`, `logs`. */
  name: string
  operations: Record<string, Operation>
}

/** An error as AWS sends it: the name that SDKs expose as `error.name`, AWS's wording, HTTP status. */
export class AwsError extends Error {
  readonly status: number
  readonly fields: Record<string, unknown>

  constructor(code: string, message: string, status = 400, fields: Record<string, unknown> = {}) {
    super(message)
    this.name = code
    this.status = status
    this.fields = fields
  }
}
