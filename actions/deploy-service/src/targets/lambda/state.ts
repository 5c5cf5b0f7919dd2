import type { FunctionConfiguration } from '@aws-sdk/client-lambda'
import { type Code, latest } from './functions.ts'

/** Nothing of `$LATEST` can be changed or published while this is so. */
export const isBusy = ({ state, update }: Code): boolean => update === 'InProgress' || state === 'Pending'

/** The code that is there runs. An idle function is made ready by its next invocation, one whose image is gone never. */
export const isSound = ({ state, update, configuration }: Code): boolean =>
  update !== 'Failed' &&
  update !== 'InProgress' &&
  (state === 'Active' || state === '' || (state === 'Inactive' && configuration.StateReasonCode !== 'ImageDeleted'))

/** What differs between `$LATEST` and a version of it without anybody having configured it. */
const OF_A_VERSION = new Set([
  'FunctionArn',
  'Version',
  'MasterArn',
  'RevisionId',
  'LastModified',
  'Description',
  'CodeSha256',
  'CodeSize',
  'ConfigSha256',
  'State',
  'StateReason',
  'StateReasonCode',
  'LastUpdateStatus',
  'LastUpdateStatusReason',
  'LastUpdateStatusReasonCode',
  'RuntimeVersionConfig',
  'SigningJobArn',
  'SigningProfileVersionArn',
  'SnapStart',
])

/**
 * Whether `$LATEST` and a version are configured alike. `ConfigSha256` says so where it is equal; where it is not, that
 * may be for what no two versions have in common, so the fields decide.
 */
export const sameConfiguration = (one: FunctionConfiguration, other: FunctionConfiguration): boolean =>
  (one.ConfigSha256 !== undefined && one.ConfigSha256 === other.ConfigSha256) || configured(one) === configured(other)

const configured = (configuration: FunctionConfiguration): string =>
  JSON.stringify(sorted(Object.fromEntries(Object.entries(configuration).filter(([key]) => !OF_A_VERSION.has(key)))))

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, each]) => each !== undefined && each !== null)
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, each]) => [key, sorted(each)]))
}

/** The command that the function is configured to run differs from the one that was planned: infrastructure sets it. */
export const commandDiffers = ({ configuration }: Code, command: readonly string[] | undefined): boolean =>
  command !== undefined &&
  JSON.stringify(configuration.ImageConfigResponse?.ImageConfig?.Command ?? []) !== JSON.stringify(command)

/** In AWS's words. Codes are open strings. */
export const stateOf = ({ state, update, configuration }: Code): string => {
  const { StateReasonCode, LastUpdateStatusReasonCode } = configuration
  const codes = [...new Set([StateReasonCode, LastUpdateStatusReasonCode])].filter((code) => code !== undefined)
  const text = `State ${state === '' ? '(none)' : state}, LastUpdateStatus ${update === '' ? '(none)' : update}`
  return codes.length === 0 ? text : `${text} (${codes.join(', ')})`
}

/** How a version is called on the screen. */
export const versionName = (name: string, version: string | undefined): string => `${name}:${version ?? latest}`
