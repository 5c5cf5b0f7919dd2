import {
  type FunctionConfiguration,
  GetAliasCommand,
  GetFunctionCommand,
  GetProvisionedConcurrencyConfigCommand,
  type LambdaClient,
} from '@aws-sdk/client-lambda'
import { call, isNamed } from '../../../../../lib/aws/errors.ts'

/** The alias that gets the traffic of each function; `once` sends every request once. */
export type Functions = { lambda: LambdaClient; once: LambdaClient; alias: string }

/** `$LATEST` or a version of a function, as `GetFunction` tells of it. */
export type Code = {
  version: string
  /** For a function from an image `CodeSha256` is the digest of the image. */
  digest: string
  /** `REPOSITORY@DIGEST`; empty where Lambda does not say. */
  image: string
  revisionId: string
  /** Codes are open strings: AWS answers some that its model does not know. */
  state: string
  update: string
  configuration: FunctionConfiguration
}

export type Routing = { version: string; weights: Record<string, number> }
export type Alias = Routing & { revisionId: string }

export const latest = '$LATEST'

/** Rejects with `ResourceNotFoundException` where there is no such function or version. */
export const readCode = async ({ lambda }: Functions, name: string, version = latest): Promise<Code> => {
  const qualifier = version === latest ? {} : { Qualifier: version }
  const answer = await call('lambda:GetFunction', () => lambda.send(new GetFunctionCommand({ FunctionName: name, ...qualifier })))
  return codeOf(answer.Configuration ?? {}, answer.Code?.ResolvedImageUri)
}

export const codeOf = (configuration: FunctionConfiguration, image = ''): Code => ({
  version: configuration.Version ?? latest,
  digest: `sha256:${configuration.CodeSha256 ?? ''}`,
  image,
  revisionId: configuration.RevisionId ?? '',
  state: configuration.State ?? '',
  update: configuration.LastUpdateStatus ?? '',
  configuration,
})

/** Undefined where the function has no such alias. */
export const readAlias = async ({ lambda, alias }: Functions, name: string): Promise<Alias | undefined> => {
  try {
    const command = new GetAliasCommand({ FunctionName: name, Name: alias })
    const answer = await call('lambda:GetAlias', () => lambda.send(command))
    const given = Object.entries(answer.RoutingConfig?.AdditionalVersionWeights ?? {})
    const weights = Object.fromEntries(given.filter(([, weight]) => weight > 0))
    return { version: answer.FunctionVersion ?? '', weights, revisionId: answer.RevisionId ?? '' }
  } catch (error) {
    if (isNamed(error, 'ResourceNotFoundException')) return undefined
    throw error
  }
}

export const sameRouting = (one: Routing | undefined, other: Routing | undefined): boolean =>
  one === other ||
  (one !== undefined &&
    other !== undefined &&
    one.version === other.version &&
    Object.keys({ ...one.weights, ...other.weights }).every((version) => one.weights[version] === other.weights[version]))

/** `IN_PROGRESS`, `READY` or `FAILED` with its reason, of an alias or a version; undefined where none is configured. */
export const readProvisioned = async (
  { lambda }: Functions,
  name: string,
  qualifier: string,
): Promise<{ status: string; reason: string } | undefined> => {
  try {
    const command = new GetProvisionedConcurrencyConfigCommand({ FunctionName: name, Qualifier: qualifier })
    const answer = await call('lambda:GetProvisionedConcurrencyConfig', () => lambda.send(command))
    return { status: answer.Status ?? '', reason: answer.StatusReason ?? '' }
  } catch (error) {
    if (isNamed(error, 'ProvisionedConcurrencyConfigNotFoundException', 'ResourceNotFoundException')) return undefined
    throw error
  }
}
