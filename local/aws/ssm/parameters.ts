import { createHash } from 'node:crypto'
import type { SSM } from '@aws-sdk/client-ssm'
import { page } from '../pages.ts'
import type { AwsError, Call, InputOf, Operation, Service } from '../service.ts'
import { type ParameterStore, type ParameterStores, type ParameterVersion, validation } from './parameter-store.ts'

/** A parameter may be named by its ARN. */
const plainName = (name: string | undefined): string => (name ?? '').replace(/^arn:aws:ssm:[^:]+:\d+:parameter(?=\/)/, '')

const validName = (name: string | undefined): string => {
  const plain = plainName(name)
  if (/^[\w.\-/]{1,1011}$/.test(plain) && (!plain.includes('/') || plain.startsWith('/'))) return plain
  throw validation(
    `Parameter name: can't be prefixed with "ssm" (case-insensitive) or contain other signs than letters, numbers and .-_/: ${name}`,
  )
}

const arnOf = (name: string, { principal, region }: Call): string => {
  const [plain = ''] = plainName(name).split(':')
  return `arn:aws:ssm:${region}:${principal.account}:parameter${plain.startsWith('/') ? '' : '/'}${plain}`
}

/** Without decryption a SecureString shows only that it is one. */
const shownValue = ({ type, value }: ParameterVersion, decrypt: boolean | undefined): string =>
  type === 'SecureString' && !decrypt ? `AQICAH${createHash('sha512').update(value).digest('base64')}` : value

const show = (parameter: ParameterVersion, call: Call, decrypt: boolean | undefined) => ({
  Name: parameter.name,
  Type: parameter.type,
  Value: shownValue(parameter, decrypt),
  Version: parameter.version,
  LastModifiedDate: parameter.modifiedAt,
  ARN: arnOf(parameter.name, call),
  DataType: 'text',
})

const constraint = (value: string | number, member: string, rule: string): AwsError =>
  validation(`1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must ${rule}`)

const sizeOf = (asked: number | undefined, maximum: number): number => {
  if (asked === undefined) return maximum
  if (asked < 1) throw constraint(asked, 'maxResults', 'have value greater than or equal to 1')
  if (asked > maximum) throw constraint(asked, 'maxResults', `have value less than or equal to ${maximum}`)
  return asked
}

/** Parameter Store: parameters with their last 100 versions, per account and region. */
export const parameterService = (now: () => Date, stores: ParameterStores): Service => {
  const on = <N extends string>(
    name: N,
    names: (input: InputOf<SSM, N>) => (string | undefined)[],
    run: (store: ParameterStore, input: InputOf<SSM, N>, call: Call) => unknown,
  ): Record<string, Operation<InputOf<SSM, N>>> => ({
    [name]: {
      authorize: (input, call) => names(input).map((each = '') => ({ action: `ssm:${name}`, resource: arnOf(each, call) })),
      run: (input, call) => run(stores(call.principal.account, call.region), input, call),
    },
  })
  const named = ({ Name }: { Name: string | undefined }) => [Name]

  return {
    name: 'ssm',
    operations: {
      ...on('PutParameter', named, (store, { Name, Value, Type, Tier, Overwrite = false, Description }, call) => {
        if (!Value) throw constraint('', 'value', 'have length greater than or equal to 1')
        const given = {
          name: validName(Name),
          value: Value,
          type: Type,
          tier: Tier,
          overwrite: Overwrite,
          description: Description,
        }
        const { version, tier } = store.put(given, call.principal.arn, now())
        return { Version: version, Tier: tier }
      }),

      ...on('GetParameter', named, (store, { Name, WithDecryption }, call) => {
        const selector = plainName(Name)
        const Selector = selector.includes(':') ? selector.slice(selector.indexOf(':')) : undefined
        return { Parameter: { ...show(store.get(selector), call, WithDecryption), Selector } }
      }),

      ...on(
        'GetParameters',
        ({ Names = [] }) => Names,
        (store, { Names = [], WithDecryption }, call) => {
          if (Names.length < 1 || Names.length > 10) throw constraint(`[${Names}]`, 'names', 'have length between 1 and 10')
          const found = Names.flatMap((name) => store.find(plainName(name)) ?? [])
          return {
            Parameters: found.map((parameter) => show(parameter, call, WithDecryption)),
            InvalidParameters: Names.filter((name) => store.find(plainName(name)) === undefined),
          }
        },
      ),

      ...on(
        'GetParametersByPath',
        ({ Path }) => [Path],
        (store, { Path = '', Recursive, WithDecryption, MaxResults, NextToken }, call) => {
          if (!Path.startsWith('/')) throw validation('The parameter name must begin with a forward slash "/".')
          const prefix = Path.endsWith('/') ? Path : `${Path}/`
          const below = store
            .latest()
            .filter(({ name }) => name.startsWith(prefix) && (Recursive || !name.slice(prefix.length).includes('/')))
          const { items, nextToken } = page(below, sizeOf(MaxResults, 10), NextToken)
          return { Parameters: items.map((parameter) => show(parameter, call, WithDecryption)), NextToken: nextToken }
        },
      ),

      ...on('GetParameterHistory', named, (store, input, call) => {
        const { items, nextToken } = page(store.history(plainName(input.Name)), sizeOf(input.MaxResults, 50), input.NextToken)
        const Parameters = items.map((version) => {
          const { ARN: _, ...shown } = show(version, call, input.WithDecryption)
          const written = { Description: version.description, LastModifiedUser: version.modifiedBy, Tier: version.tier }
          return { ...shown, ...written, Labels: [], Policies: [] }
        })
        return { Parameters, NextToken: nextToken }
      }),

      ...on('DeleteParameter', named, (store, { Name }) => store.remove(plainName(Name))),
    },
  }
}
