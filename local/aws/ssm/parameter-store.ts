import { AwsError } from '../service.ts'

export type ParameterType = 'String' | 'StringList' | 'SecureString'
export type ParameterTier = 'Standard' | 'Advanced'

export type ParameterVersion = {
  name: string
  type: ParameterType
  tier: ParameterTier
  value: string
  version: number
  modifiedAt: Date
  /** ARN of the one who wrote it. */
  modifiedBy: string
  description?: string
}

export type Put = {
  name: string
  value: string
  type: ParameterType | undefined
  tier: ParameterTier | 'Intelligent-Tiering' | undefined
  overwrite: boolean
  description: string | undefined
}

export type ParameterStore = {
  put(put: Put, by: string, at: Date): ParameterVersion
  /** By `name`, or `name:version`. */
  find(selector: string): ParameterVersion | undefined
  /** Throws ParameterNotFound and ParameterVersionNotFound. */
  get(selector: string): ParameterVersion
  /** The versions that are kept, oldest first. */
  history(name: string): ParameterVersion[]
  /** The latest version of every parameter, by name. */
  latest(): ParameterVersion[]
  remove(name: string): void
}

const kept = 100
const limits = { Standard: 4096, Advanced: 8192 }

const validation = (message: string): AwsError => new AwsError('ValidationException', message)

/** Standard unless the caller asks for more; a parameter never goes back from advanced to standard. */
const tierOf = ({ tier, value }: Put, before: ParameterVersion | undefined): ParameterTier => {
  if (tier === 'Intelligent-Tiering')
    return Buffer.byteLength(value) > limits.Standard ? 'Advanced' : (before?.tier ?? 'Standard')
  if (tier === 'Standard' && before?.tier === 'Advanced') {
    throw validation(
      'This parameter uses the advanced-parameter tier. You can’t downgrade a parameter from the advanced-parameter tier to the standard-parameter tier.',
    )
  }
  return tier ?? before?.tier ?? 'Standard'
}

const requireFit = (tier: ParameterTier, value: string): void => {
  if (Buffer.byteLength(value) <= limits[tier]) return
  const advice = 'To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier.'
  throw validation(
    `${tier} tier parameters support a maximum parameter value of ${limits[tier]} characters.${tier === 'Standard' ? ` ${advice}` : ''}`,
  )
}

/** The parameters of one account in one region. */
export const createParameterStore = (): ParameterStore => {
  const parameters = new Map<string, ParameterVersion[]>()

  const history = (name: string): ParameterVersion[] => {
    const versions = parameters.get(name)
    if (versions === undefined) throw new AwsError('ParameterNotFound', `Parameter ${name} not found.`)
    return versions
  }

  const find = (selector: string): ParameterVersion | undefined => {
    const [name = '', wanted] = selector.split(':')
    const versions = parameters.get(name) ?? []
    return wanted === undefined ? versions.at(-1) : versions.find(({ version }) => String(version) === wanted)
  }

  return {
    history,
    put: (put, modifiedBy, modifiedAt) => {
      const { name, value, overwrite, description } = put
      const versions = parameters.get(name) ?? []
      const before = versions.at(-1)
      if (before !== undefined && !overwrite) {
        const advice = 'To overwrite this value, set the overwrite option in the request to true.'
        throw new AwsError('ParameterAlreadyExists', `The parameter already exists. ${advice}`)
      }
      const type = put.type ?? before?.type
      if (type === undefined) throw validation('A parameter type is required when you create a parameter.')
      const tier = tierOf(put, before)
      requireFit(tier, value)
      const version: ParameterVersion = {
        name,
        type,
        tier,
        value,
        version: (before?.version ?? 0) + 1,
        modifiedAt,
        modifiedBy,
        ...(description === undefined ? {} : { description }),
      }
      parameters.set(name, [...versions, version].slice(-kept))
      return version
    },
    find,
    get: (selector) => {
      const found = find(selector)
      if (found !== undefined) return found
      const [name = '', version] = selector.split(':')
      history(name)
      const message = `Systems Manager could not find version ${version} of ${name}. Verify the version and try again.`
      throw new AwsError('ParameterVersionNotFound', message)
    },
    latest: () =>
      [...parameters.values()].flatMap((versions) => versions.at(-1) ?? []).sort((a, b) => (a.name < b.name ? -1 : 1)),
    remove: (name) => {
      history(name)
      parameters.delete(name)
    },
  }
}
