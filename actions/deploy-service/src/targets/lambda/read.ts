import { isNamed } from '../../../../../lib/aws/errors.ts'
import { Refusal } from '../../../../../lib/refusal.ts'
import type { LambdaPlace } from '../../place.ts'
import type { Registry } from '../../registry.ts'
import type { Running, Wanted } from '../../target.ts'
import { percent } from './alias.ts'
import { type Alias, type Code, type Functions, latest, readAlias, readCode } from './functions.ts'
import { type Deployable, deployable, ociArchitecture } from './image.ts'
import { commandDiffers, isSound, sameConfiguration, versionName } from './state.ts'

/** One function as it was found: its unpublished code, the alias, and what that points to. */
export type FunctionReading = { name: string; latest: Code; alias: Alias | undefined; serving: Code | undefined; shared: Code[] }

export type Reading = { functions: FunctionReading[]; target: Deployable; architecture: string; running: Running }

type Options = Pick<LambdaPlace, 'functions'> & { account: string; region: string; registry: Registry }

export const readFunctions = async (
  functions: Functions,
  [wanted]: readonly Wanted[],
  { registry, ...options }: Options,
): Promise<Reading> => {
  if (wanted === undefined) throw new Refusal('a Lambda service needs one image; nothing was changed')
  // Begun at once: the functions and the registry answer side by side.
  const known = registry.find([wanted.image])
  known.catch(() => undefined)
  const readings = await Promise.all(options.functions.map(({ name }) => readFunction(functions, name, options)))
  const architecture = architectureOf(readings)
  const target = await deployable(wanted, { architecture, region: options.region }, registry)
  return { functions: readings, target, architecture, running: runningOf(readings, target, architecture) }
}

const readFunction = async (
  functions: Functions,
  name: string,
  { account, region }: Pick<Options, 'account' | 'region'>,
): Promise<FunctionReading> => {
  const missing = (error: Error): never => {
    if (!isNamed(error, 'ResourceNotFoundException')) throw error
    throw new Refusal(
      `there is no function '${name}' in account ${account}, ${region}; nothing was changed. Correct its name, or let infrastructure make it`,
      { cause: error },
    )
  }
  const [code, alias] = await Promise.all([readCode(functions, name).catch(missing), readAlias(functions, name)])
  if (code.configuration.PackageType !== 'Image') {
    throw new Refusal(
      `the function '${name}' is made from a zip file, and Lambda cannot change that; nothing was changed. Make a function from an image`,
    )
  }
  if (alias?.version === latest) {
    throw new Refusal(
      `the alias '${functions.alias}' of '${name}' points to $LATEST, so an image would get traffic before it was looked at; nothing was changed. ` +
        'Publish a version and point the alias to it',
    )
  }
  const versions = alias === undefined ? [] : [alias.version, ...Object.keys(alias.weights)]
  const [serving, ...shared] = await Promise.all(versions.map((version) => readCode(functions, name, version)))
  return { name, latest: code, alias, serving, shared }
}

const architectureOf = (readings: readonly FunctionReading[]): string => {
  const built = readings.map(({ name, latest: { configuration } }) => {
    const [architecture = 'x86_64'] = configuration.Architectures ?? []
    return { name, architecture: ociArchitecture(architecture) }
  })
  const all = new Set(built.map(({ architecture }) => architecture))
  const [architecture = 'amd64'] = all
  if (all.size <= 1) return architecture
  const said = built.map(({ name, architecture }) => `${name} on ${architecture}`).join(', ')
  throw new Refusal(
    `one image cannot run in all of these functions: ${said}; nothing was changed. Make them services of their own`,
  )
}

const runningOf = (readings: readonly FunctionReading[], target: Deployable, architecture: string): Running => {
  const each = <T>(value: (reading: FunctionReading) => T): Record<string, T> =>
    Object.fromEntries(readings.map((reading) => [reading.name, value(reading)]))
  const underway = readings.flatMap((reading) => underWay(reading, target))
  return {
    revision: readings.map(({ name, alias }) => versionName(name, alias?.version)).join(', '),
    images: each(({ serving, latest }) => (serving ?? latest).image),
    digests: each(({ serving, latest }) => (serving ?? latest).digest),
    deployments: readings.flatMap(({ alias }) => alias?.revisionId ?? []),
    count: 1,
    platform: { os: 'linux', architecture },
    ...(underway.length > 0 && {
      inProgress: {
        id: underway.map(({ id }) => id).join(', '),
        wanted: underway.every(({ wanted, foreign }) => wanted && !foreign),
        ...(underway.some(({ foreign }) => foreign) && { foreign: true as const }),
      },
    }),
    functions: each(({ alias, latest, shared }) => ({
      ...(alias && { version: alias.version }),
      ...(shared.length > 0 && { shared: shared.map(({ version }) => version) }),
      ...(isSound(latest) && latest.image !== '' && { latest: latest.image }),
    })),
    settled: readings.every((reading) => isSettled(reading, target)),
  }
}

/** How a version that this action published begins to describe itself. */
export const MARK = 'slipway-'

/** A share of the traffic on a second version is a deployment that has not ended, or that somebody left so. */
const underWay = ({ name, alias, shared }: FunctionReading, { digest }: Deployable) =>
  shared.map((code) => {
    const { Description = '' } = code.configuration
    const share = `${versionName(name, code.version)} with ${percent(alias?.weights[code.version] ?? 0)} of the traffic`
    return {
      id: Description === '' ? share : `${share} (${Description})`,
      wanted: code.digest === digest,
      foreign: !Description.startsWith(MARK),
    }
  })

/** The image is what the alias serves, and what is configured is what was published. */
const isSettled = ({ alias, serving, shared, latest }: FunctionReading, { digest }: Deployable): boolean =>
  alias !== undefined &&
  serving !== undefined &&
  shared.length === 0 &&
  serving.digest === digest &&
  latest.digest === digest &&
  isSound(latest) &&
  isSound(serving) &&
  sameConfiguration(latest.configuration, serving.configuration)

/**
 * Aliases of one service move together. Where they differ, a deployment was killed in between and nobody has taken it back:
 * which of them was proven is not known.
 */
export const divided = (readings: readonly FunctionReading[]): string | undefined => {
  const served = readings.flatMap(({ name, serving }) => (serving === undefined ? [] : [{ name, digest: serving.digest }]))
  if (new Set(served.map(({ digest }) => digest)).size <= 1) return undefined
  const each = served.map(({ name, digest }) => `${name} ${digest}`).join(', ')
  return `the functions serve different images, as after a deployment that was killed: ${each}. If this one fails, each goes back to that; deploy the image that is to run`
}

/** Commands are set by infrastructure, which may not have been deployed yet. */
export const commandWarnings = (readings: readonly FunctionReading[], functions: LambdaPlace['functions']): string[] =>
  functions.flatMap(({ name, command }) => {
    const reading = readings.find((each) => each.name === name)
    if (reading === undefined || !commandDiffers(reading.latest, command)) return []
    const actual = reading.latest.configuration.ImageConfigResponse?.ImageConfig?.Command ?? []
    return [
      `${name} is configured to run ${JSON.stringify(actual)}, and ${JSON.stringify(command)} was planned: infrastructure sets it, a deployment of an image does not`,
    ]
  })
