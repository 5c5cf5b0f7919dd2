import { createHash } from 'node:crypto'
import type {
  DeleteParameterRequest,
  GetParameterHistoryRequest,
  GetParameterRequest,
  GetParametersByPathRequest,
  GetParametersRequest,
  PutParameterRequest,
} from '@aws-sdk/client-ssm'
import { page } from '../pages.ts'
import { type Authorization, AwsError, type Call, type Operation, type Service } from '../service.ts'
import type { ParameterStore, ParameterVersion, Put } from './parameter-store.ts'
import type { ParameterStores } from './parameter-stores.ts'

const validation = (message: string): AwsError => new AwsError('ValidationException', message)

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

const on = (action: string, names: (string | undefined)[], call: Call): Authorization[] =>
  names.map((name) => ({ action: `ssm:${action}`, resource: arnOf(name ?? '', call) }))

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

const sizeOf = (asked: number | undefined, maximum: number): number => {
  if (asked === undefined) return maximum
  if (asked >= 1 && asked <= maximum) return asked
  const bound = asked < 1 ? 'greater than or equal to 1' : `less than or equal to ${maximum}`
  throw validation(
    `1 validation error detected: Value '${asked}' at 'maxResults' failed to satisfy constraint: Member must have value ${bound}`,
  )
}

const found = (store: ParameterStore, selector: string): ParameterVersion | undefined => {
  try {
    return store.get(selector)
  } catch (error) {
    if (error instanceof AwsError) return undefined
    throw error
  }
}

/** Parameter Store: parameters with their last 100 versions, per account and region. */
export const parameterService = (now: () => Date, stores: ParameterStores): Service => {
  const storeOf = ({ principal, region }: Call): ParameterStore => stores(principal.account, region)

  const putParameter: Operation<PutParameterRequest> = {
    authorize: ({ Name }, call) => on('PutParameter', [Name], call),
    run: (input, call) => {
      if (input.Value === undefined || input.Value === '') {
        throw validation(
          "1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1",
        )
      }
      const put: Put = {
        name: validName(input.Name),
        value: input.Value,
        type: input.Type,
        tier: input.Tier,
        overwrite: input.Overwrite ?? false,
        description: input.Description,
      }
      const { version, tier } = storeOf(call).put(put, call.principal.arn, now())
      return { Version: version, Tier: tier }
    },
  }

  const getParameter: Operation<GetParameterRequest> = {
    authorize: ({ Name }, call) => on('GetParameter', [Name], call),
    run: ({ Name, WithDecryption }, call) => {
      const selector = plainName(Name)
      const parameter = show(storeOf(call).get(selector), call, WithDecryption)
      return {
        Parameter: { ...parameter, ...(selector.includes(':') ? { Selector: selector.slice(selector.indexOf(':')) } : {}) },
      }
    },
  }

  const getParameters: Operation<GetParametersRequest> = {
    authorize: ({ Names = [] }, call) => on('GetParameters', Names, call),
    run: ({ Names = [], WithDecryption }, call) => {
      if (Names.length < 1 || Names.length > 10) {
        throw validation(
          "1 validation error detected: Value at 'names' failed to satisfy constraint: Member must have length between 1 and 10",
        )
      }
      const store = storeOf(call)
      const answers = Names.map((name) => ({ name, parameter: found(store, plainName(name)) }))
      return {
        Parameters: answers.flatMap(({ parameter }) => (parameter === undefined ? [] : show(parameter, call, WithDecryption))),
        InvalidParameters: answers.filter(({ parameter }) => parameter === undefined).map(({ name }) => name),
      }
    },
  }

  const getParametersByPath: Operation<GetParametersByPathRequest> = {
    authorize: ({ Path }, call) => on('GetParametersByPath', [Path], call),
    run: ({ Path, Recursive, WithDecryption, MaxResults, NextToken }, call) => {
      if (!Path?.startsWith('/'))
        throw validation(
          'The parameter doesn’t meet the parameter name requirements. The parameter name must begin with a forward slash "/".',
        )
      const prefix = Path.endsWith('/') ? Path : `${Path}/`
      const below = storeOf(call)
        .latest()
        .filter(({ name }) => name.startsWith(prefix) && (Recursive || !name.slice(prefix.length).includes('/')))
      const { items, nextToken } = page(below, sizeOf(MaxResults, 10), NextToken)
      return { Parameters: items.map((parameter) => show(parameter, call, WithDecryption)), NextToken: nextToken }
    },
  }

  const getParameterHistory: Operation<GetParameterHistoryRequest> = {
    authorize: ({ Name }, call) => on('GetParameterHistory', [Name], call),
    run: ({ Name, WithDecryption, MaxResults, NextToken }, call) => {
      const versions = storeOf(call).history(plainName(Name))
      const { items, nextToken } = page(versions, sizeOf(MaxResults, 50), NextToken)
      const Parameters = items.map((version) => {
        const { ARN: _, ...shown } = show(version, call, WithDecryption)
        const description = version.description === undefined ? {} : { Description: version.description }
        return { ...shown, ...description, LastModifiedUser: version.modifiedBy, Tier: version.tier, Labels: [], Policies: [] }
      })
      return { Parameters, NextToken: nextToken }
    },
  }

  const deleteParameter: Operation<DeleteParameterRequest> = {
    authorize: ({ Name }, call) => on('DeleteParameter', [Name], call),
    run: ({ Name }, call) => storeOf(call).remove(plainName(Name)),
  }

  return {
    name: 'ssm',
    operations: {
      PutParameter: putParameter,
      GetParameter: getParameter,
      GetParameters: getParameters,
      GetParametersByPath: getParametersByPath,
      GetParameterHistory: getParameterHistory,
      DeleteParameter: deleteParameter,
    },
  }
}
