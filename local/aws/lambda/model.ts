import { createHash, randomUUID } from 'node:crypto'
import type { AliasConfiguration, FunctionConfiguration } from '@aws-sdk/client-lambda'
import type { Time } from '../../time.ts'
import type { LogStreams } from '../ecs/ports.ts'
import { AwsError } from '../service.ts'
import type { SourceImage, Sources } from './image.ts'
import type { FunctionRuntime } from './runtime.ts'

export type Place = { account: string; region: string }

export type Code = { configuration: FunctionConfiguration; image: SourceImage }

/** `$LATEST` or a published version. */
export type Version = Code & {
  /** What invocations get: the code and configuration from before an update until it has succeeded. */
  runs: Code
}

export type Provisioned = { requested: number; status: 'IN_PROGRESS' | 'READY' | 'FAILED'; reason?: string | undefined }

/** Why an update ends as Failed: a code of the API reference and a text. Or that it never ends. */
export type Failure = { code: string; reason: string } | 'never-ends'

export type LambdaFunction = {
  place: Place
  name: string
  latest: Version
  versions: Map<string, Version>
  /** The number given last; numbers are not given again. */
  published: number
  /** Whether an update was made since then, be it to what was there before. */
  changed: boolean
  aliases: Map<string, AliasConfiguration>
  /** By qualifier: the name of an alias or a number. */
  provisioned: Map<string, Provisioned>
  /** What the next allocation of provisioned concurrency fails with. */
  provisioningFails?: string | undefined
  /** What the next updates fail with, in this order. */
  failures: Failure[]
}

/** Delays in nominal milliseconds. */
export type Pace = {
  /** An update of code or configuration is InProgress. */
  update: number
  /** A new version is Pending; 0: Active at once, as AWS answers where it has optimised the image for `$LATEST`. */
  publish: number
  /** Provisioned concurrency is IN_PROGRESS. */
  provisioning: number
  /** An Inactive function that is invoked is Pending. */
  revival: number
  /** An invocation is not counted by CloudWatch yet. */
  metrics: number
}

export const usualPace: Pace = { update: 4_000, publish: 2_000, provisioning: 60_000, revival: 4_000, metrics: 60_000 }

export type Invoked = {
  at: number
  function: string
  /** `NAME`, `NAME:ALIAS` or `NAME:NUMBER`, as it was asked for. */
  resource: string
  executedVersion: string
  failed: boolean
}

export type Region = { place: Place; functions: Map<string, LambdaFunction>; invoked: Invoked[] }

export type Engine = {
  time: Time
  pace: Pace
  runtime: FunctionRuntime
  /** How every update to a digest ends, where it is not well. */
  updates: Record<string, Failure>
  sources: Sources
  logs: LogStreams
  region(place: Place): Region
  /** Calls back after nominal milliseconds, unless the service has been closed. */
  later(milliseconds: number, callback: () => void): void
}

export const functionArn = ({ account, region }: Place, name: string, qualifier?: string): string =>
  `arn:aws:lambda:${region}:${account}:function:${name}${qualifier === undefined ? '' : `:${qualifier}`}`

export const notFound = (arn: string): AwsError =>
  new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404, { Type: 'User' })

export const noAlias = (arn: string): AwsError =>
  new AwsError('ResourceNotFoundException', `Cannot find alias arn: ${arn}`, 404, { Type: 'User' })

export const invalid = (message: string): AwsError =>
  new AwsError('InvalidParameterValueException', message, 400, { Type: 'User' })

export const conflict = (message: string): AwsError => new AwsError('ResourceConflictException', message, 409, { Type: 'User' })

/** Throws unless the caller names the latest revision, or none. */
export const requireRevision = (given: string | undefined, { RevisionId }: { RevisionId?: string | undefined }): void => {
  if (given === undefined || given === RevisionId) return
  const message =
    'The Revision Id provided does not match the latest Revision Id. ' +
    'Call the GetFunction/GetAlias API to retrieve the latest Revision Id'
  throw new AwsError('PreconditionFailedException', message, 412, { Type: 'User' })
}

const outside = ['Description', 'CodeSha256', 'LastModified', 'RevisionId', 'Version', 'FunctionArn', 'ConfigSha256']

/** One value for all that is configured, equal for `$LATEST` and a version that was published of it. */
const configSha256 = (configuration: FunctionConfiguration): string => {
  const configured = Object.entries(configuration).filter(([key]) => !outside.includes(key) && !/^(State|LastUpdate)/.test(key))
  const sorted = configured.sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256').update(JSON.stringify(sorted)).digest('base64')
}

/** The configuration with changes, a new revision and all that follows from them. */
export const changed = (
  configuration: FunctionConfiguration,
  changes: FunctionConfiguration,
  now: Date,
): FunctionConfiguration => {
  const next = { ...configuration, ...changes, LastModified: now.toISOString().replace('Z', '+0000'), RevisionId: randomUUID() }
  return { ...next, ConfigSha256: configSha256(next) }
}

/** The version that a qualifier means, without an alias's weights: `$LATEST`, a number or an alias. */
export const findVersion = ({ place, name, latest, versions, aliases }: LambdaFunction, qualifier = '$LATEST'): Version => {
  const number = aliases.get(qualifier)?.FunctionVersion ?? qualifier
  const found = number === '$LATEST' ? latest : versions.get(number)
  if (found === undefined) throw notFound(functionArn(place, name, qualifier))
  return found
}

/** While an update is in progress nothing of `$LATEST` can be changed or published. */
export const requireIdle = ({ place, name, latest: { configuration } }: LambdaFunction): void => {
  if (configuration.LastUpdateStatus === 'InProgress') {
    const arn = functionArn(place, name)
    throw conflict(`The operation cannot be performed at this time. An update is in progress for resource: ${arn}`)
  }
  if (configuration.State !== 'Pending') return
  throw conflict('The operation cannot be performed at this time. The function is currently in the following state: Pending')
}
