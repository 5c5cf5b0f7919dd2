import type { ParameterTier, ParameterType } from '@aws-sdk/client-ssm'
import type { Secrets } from '../ecs/ports.ts'
import { AwsError, inEachRegion } from '../service.ts'

export type ParameterVersion = {
  name: string
  type: ParameterType
  tier: ParameterTier
  value: string
  version: number
  modifiedAt: Date
  /** ARN of the one who wrote it. */
  modifiedBy: string
  description: string | undefined
}

type Put = Pick<ParameterVersion, 'name' | 'value' | 'description'> & {
  type: ParameterType | undefined
  tier: ParameterTier | undefined
  overwrite: boolean
}

const kept = 100
const limits = { Standard: 4096, Advanced: 8192 }

export const validation = (message: string): AwsError => new AwsError('ValidationException', message)

/** Standard unless the caller asks for more; a parameter never goes back from advanced to standard. */
const tierOf = ({ tier, value }: Put, before: ParameterTier = 'Standard'): 'Standard' | 'Advanced' => {
  const isLong = Buffer.byteLength(value) > limits.Standard
  const chosen = tier === 'Intelligent-Tiering' ? (isLong ? 'Advanced' : before) : (tier ?? before)
  if (chosen === 'Standard' && before === 'Advanced') {
    throw validation(
      'This parameter uses the advanced-parameter tier. You can’t downgrade a parameter from the advanced-parameter tier to the standard-parameter tier.',
    )
  }
  return chosen === 'Advanced' ? 'Advanced' : 'Standard'
}

const requireFit = (tier: 'Standard' | 'Advanced', value: string): void => {
  if (Buffer.byteLength(value) <= limits[tier]) return
  const advice = ' To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier.'
  const most = `${tier} tier parameters support a maximum parameter value of ${limits[tier]} characters.`
  throw validation(most + (tier === 'Standard' ? advice : ''))
}

/** The parameters of one account in one region, each with its last hundred versions. */
const parameterStore = () => {
  const parameters = new Map<string, ParameterVersion[]>()

  /** Oldest first. */
  const history = (name: string): ParameterVersion[] => {
    const versions = parameters.get(name)
    if (versions === undefined) throw new AwsError('ParameterNotFound', `Parameter ${name} not found.`)
    return versions
  }
  /** By `name`, or `name:version`. */
  const find = (selector: string): ParameterVersion | undefined => {
    const [name = '', wanted] = selector.split(':')
    const versions = parameters.get(name) ?? []
    return wanted === undefined ? versions.at(-1) : versions.find(({ version }) => String(version) === wanted)
  }

  return {
    history,
    find,
    put({ overwrite, ...put }: Put, modifiedBy: string, modifiedAt: Date): ParameterVersion {
      const versions = parameters.get(put.name) ?? []
      const before = versions.at(-1)
      if (before !== undefined && !overwrite) {
        const advice = 'To overwrite this value, set the overwrite option in the request to true.'
        throw new AwsError('ParameterAlreadyExists', `The parameter already exists. ${advice}`)
      }
      const type = put.type ?? before?.type
      if (type === undefined) throw validation('A parameter type is required when you create a parameter.')
      const tier = tierOf({ ...put, overwrite }, before?.tier)
      requireFit(tier, put.value)
      const written = { ...put, type, tier, version: (before?.version ?? 0) + 1, modifiedAt, modifiedBy }
      parameters.set(put.name, [...versions, written].slice(-kept))
      return written
    },
    get(selector: string): ParameterVersion {
      const found = find(selector)
      if (found !== undefined) return found
      const [name = '', version] = selector.split(':')
      history(name)
      const message = `Systems Manager could not find version ${version} of ${name}. Verify the version and try again.`
      throw new AwsError('ParameterVersionNotFound', message)
    },
    /** The latest version of every parameter, by name. */
    latest: (): ParameterVersion[] =>
      [...parameters.values()].flatMap((versions) => versions.at(-1) ?? []).sort((a, b) => (a.name < b.name ? -1 : 1)),
    remove(name: string): void {
      history(name)
      parameters.delete(name)
    },
  }
}

export type ParameterStore = ReturnType<typeof parameterStore>

/** The parameters of an account in a region. */
export type ParameterStores = (account: string, region: string) => ParameterStore

export const parameterStores = (): ParameterStores => inEachRegion(parameterStore).find

const parameterArn = /^arn:aws:ssm:(?<region>[^:]+):(?<account>\d{12}):parameter(?<name>\/.+)$/

/** Reads the `secrets` of task definitions: by name in the task's account and region, by ARN in its own. */
export const parameterSecrets =
  (stores: ParameterStores): Secrets =>
  async (at, valueFrom) => {
    const { account = at.account, region = at.region, name = valueFrom } = parameterArn.exec(valueFrom)?.groups ?? {}
    const store = stores(account, region)
    // A name without a slash has none, though its ARN does.
    return store.get(store.find(name) === undefined ? name.replace(/^\//, '') : name).value
  }
