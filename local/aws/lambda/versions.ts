import type { FunctionConfiguration } from '@aws-sdk/client-lambda'
import { page } from '../pages.ts'
import {
  changed,
  conflict,
  type Engine,
  functionArn,
  invalid,
  type LambdaFunction,
  requireIdle,
  requireRevision,
  type Version,
} from './model.ts'
import { type Input, inFunction } from './operations.ts'

const pending = { State: 'Pending', StateReason: 'The function is being created.', StateReasonCode: 'Creating' } as const
const active = { State: 'Active', StateReason: undefined, StateReasonCode: undefined } as const

/** Makes a version Active when its time has passed, or Failed like the update of which it was made. */
const settle = (engine: Engine, found: LambdaFunction, version: Version, after: number, withUpdate: boolean): void => {
  engine.later(after, () => {
    const { LastUpdateStatus, LastUpdateStatusReason: StateReason, LastUpdateStatusReasonCode } = found.latest.configuration
    const failed = withUpdate && LastUpdateStatus === 'Failed'
    const end = failed ? ({ State: 'Failed', StateReason, StateReasonCode: LastUpdateStatusReasonCode } as const) : active
    const status = { LastUpdateStatus: failed ? 'Failed' : 'Successful' } as const
    version.configuration = changed(version.configuration, { ...end, ...status }, engine.time.now())
    version.runs = { configuration: version.configuration, image: version.image }
  })
}

/** Makes a version of `$LATEST`, or finds the latest one when nothing was updated since. `updating`: time of the update it waits for. */
export const publish = (
  engine: Engine,
  found: LambdaFunction,
  { Description }: { Description?: string | undefined },
  updating?: number,
): FunctionConfiguration => {
  const { latest, versions, place, name } = found
  const last = versions.get(String(found.published))
  if (!found.changed && last) return last.configuration
  found.published += 1
  const Version = String(found.published)
  found.changed = false
  const arn = functionArn(place, name, Version)
  const after = engine.pace.publish + (updating ?? 0)
  const status = { LastUpdateStatus: undefined, LastUpdateStatusReason: undefined, LastUpdateStatusReasonCode: undefined }
  const changes = {
    Version,
    FunctionArn: arn,
    ...(Description !== undefined && { Description }),
    ...(after > 0 ? { ...pending, ...status } : active),
  }
  const configuration = changed(latest.configuration, changes, engine.time.now())
  const version: Version = { configuration, image: latest.image, runs: { configuration, image: latest.image } }
  versions.set(Version, version)
  if (after > 0) settle(engine, found, version, after, updating !== undefined)
  latest.configuration = changed(latest.configuration, {}, engine.time.now())
  return configuration
}

/** As a list shows a version: without its states. */
const listed = ({ place, name }: LambdaFunction, { configuration }: Version): FunctionConfiguration => ({
  ...Object.fromEntries(Object.entries(configuration).filter(([key]) => !/^(State|LastUpdate)/.test(key))),
  FunctionArn: functionArn(place, name, configuration.Version),
})

export const versionOperations = (engine: Engine) => {
  const on = inFunction(engine)
  const versions = '/2015-03-31/functions/{FunctionName}/versions'
  return {
    ...on(
      'PublishVersion',
      ['POST', versions, 201],
      (found, { RevisionId, CodeSha256, Description }: Input<'PublishVersion'>) => {
        const { configuration } = found.latest
        requireRevision(RevisionId, configuration)
        if (CodeSha256 !== undefined && CodeSha256 !== configuration.CodeSha256) {
          const current = `current CodeSHA256 in $LATEST (${configuration.CodeSha256})`
          const message = `CodeSHA256 (${CodeSha256}) is different from ${current}. Please try again with the CodeSHA256 in $LATEST.`
          throw invalid(message)
        }
        requireIdle(found)
        // AWS documents no answer; a version of code that could not be had would be no better.
        if (configuration.LastUpdateStatus === 'Failed')
          throw conflict('The operation cannot be performed at this time. The last update of the function has failed')
        return publish(engine, found, { Description })
      },
    ),

    ...on('ListVersionsByFunction', ['GET', versions, 200], (found, { Marker, MaxItems }) => {
      const all = [found.latest, ...found.versions.values()]
      const { items, nextToken: NextMarker } = page(all, Math.min(Number(MaxItems ?? 50), 50), Marker)
      return { Versions: items.map((version) => listed(found, version)), NextMarker }
    }),
  }
}
