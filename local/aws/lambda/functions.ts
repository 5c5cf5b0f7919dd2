import type { FunctionConfiguration } from '@aws-sdk/client-lambda'
import type { Principal } from '../service.ts'
import { imageAuthorizations } from './image.ts'
import {
  changed,
  conflict,
  type Engine,
  findVersion,
  functionArn,
  invalid,
  type LambdaFunction,
  requireIdle,
  requireRevision,
  type Version,
} from './model.ts'
import { type Input, inFunction } from './operations.ts'
import { publish } from './versions.ts'

const inProgress = {
  LastUpdateStatus: 'InProgress',
  LastUpdateStatusReason: 'The function is being created.',
  LastUpdateStatusReasonCode: 'Creating' as never,
} as const

const noReason = { LastUpdateStatusReason: undefined, LastUpdateStatusReasonCode: undefined }

/** Starts an update; it succeeds, or fails as scripted, when its time has passed. */
export const update = (
  engine: Engine,
  found: LambdaFunction,
  changes: FunctionConfiguration,
  image = found.latest.image,
): FunctionConfiguration => {
  const now = () => engine.time.now()
  const { latest } = found
  latest.image = image
  latest.configuration = changed(latest.configuration, { ...changes, ...inProgress }, now())
  found.changed = true
  engine.later(engine.pace.update, () => {
    const failure = found.failures.shift() ?? engine.updates[image.digest]
    if (failure === 'never-ends') return
    if (failure) {
      const { code, reason } = failure
      const failed = { LastUpdateStatusReason: reason, LastUpdateStatusReasonCode: code as never }
      latest.configuration = changed(latest.configuration, { LastUpdateStatus: 'Failed', ...failed }, now())
      return
    }
    const active = { State: 'Active', StateReason: undefined, StateReasonCode: undefined } as const
    const successful = { LastUpdateStatus: 'Successful', ...noReason, ...active } as const
    latest.configuration = changed(latest.configuration, successful, now())
    latest.runs = { configuration: latest.configuration, image: latest.image }
  })
  return latest.configuration
}

const updateCode = async (engine: Engine, found: LambdaFunction, input: Input<'UpdateFunctionCode'>, caller: Principal) => {
  const { latest } = found
  const arn = functionArn(found.place, found.name)
  requireRevision(input.RevisionId, latest.configuration)
  const isImage = latest.configuration.PackageType === 'Image'
  if (!isImage && input.ImageUri) throw invalid("Please don't provide ImageUri when updating a function with packageType Zip.")
  if (isImage && !input.ImageUri) throw invalid('Please provide ImageUri when updating a function with packageType Image.')
  requireIdle(found)
  const image = await engine.sources.resolve(input.ImageUri ?? '', arn, caller)
  // Once more: another update may have begun while the image was looked up.
  requireRevision(input.RevisionId, latest.configuration)
  requireIdle(found)
  const changes = {
    CodeSha256: image.digest.replace('sha256:', ''),
    ...(input.Architectures && { Architectures: input.Architectures }),
  }
  if (input.DryRun) return { ...latest.configuration, ...changes }
  const updated = update(engine, found, changes, image)
  return input.Publish ? publish(engine, found, {}, engine.pace.update) : updated
}

/** How a version is named in answers: after what was asked for. */
const view = ({ place, name }: LambdaFunction, { configuration }: Version, qualifier?: string): FunctionConfiguration => ({
  ...configuration,
  FunctionArn: functionArn(place, name, qualifier),
})

export const functionOperations = (engine: Engine) => {
  const on = inFunction(engine)
  const functions = '/2015-03-31/functions'
  return {
    ...on('GetFunction', ['GET', `${functions}/{FunctionName}`, 200], (found, _, qualifier) => {
      const version = findVersion(found, qualifier)
      const { uri, resolvedUri } = version.image
      const Code = { RepositoryType: 'ECR', ImageUri: uri, ResolvedImageUri: resolvedUri }
      return { Configuration: view(found, version, qualifier), Code }
    }),

    ...on(
      'UpdateFunctionCode',
      ['PUT', `${functions}/{FunctionName}/code`, 200],
      (found, input, _, { principal }) => updateCode(engine, found, input, principal),
      ({ ImageUri }, { principal }) => imageAuthorizations(ImageUri, principal),
    ),

    ...on('UpdateFunctionConfiguration', ['PUT', `${functions}/{FunctionName}/configuration`, 200], (found, input) => {
      requireRevision(input.RevisionId, found.latest.configuration)
      requireIdle(found)
      return update(engine, found, configurationOf(input))
    }),

    ...on('DeleteFunction', ['DELETE', `${functions}/{FunctionName}`, 204], (found, _, qualifier) => {
      if (qualifier === undefined) return void engine.region(found.place).functions.delete(found.name)
      if (qualifier === '$LATEST') throw invalid('$LATEST version cannot be deleted without deleting the function.')
      const using = [...found.aliases.values()].filter(
        ({ FunctionVersion, RoutingConfig }) =>
          FunctionVersion === qualifier || RoutingConfig?.AdditionalVersionWeights?.[qualifier] !== undefined,
      )
      if (using.length > 0) {
        const names = using.map(({ Name }) => Name).join(', ')
        throw conflict(`Version ${qualifier} cannot be deleted, it is referenced by alias ${names}`)
      }
      found.versions.delete(qualifier)
      found.provisioned.delete(qualifier)
      return undefined
    }),
  }
}

/** What CreateFunction and UpdateFunctionConfiguration have in common. */
export const configurationOf = (
  input: Omit<Input<'UpdateFunctionConfiguration'>, 'FunctionName' | 'RevisionId'>,
): FunctionConfiguration => ({
  ...(input.Description !== undefined && { Description: input.Description }),
  ...(input.MemorySize !== undefined && { MemorySize: Number(input.MemorySize) }),
  ...(input.Timeout !== undefined && { Timeout: Number(input.Timeout) }),
  ...(input.Role !== undefined && { Role: input.Role }),
  ...(input.Environment && { Environment: { Variables: input.Environment.Variables } }),
  ...(input.ImageConfig && {
    ImageConfigResponse: Object.keys(input.ImageConfig).length === 0 ? undefined : { ImageConfig: input.ImageConfig },
  }),
})
