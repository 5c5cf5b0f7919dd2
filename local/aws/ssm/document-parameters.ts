import { AwsError } from '../service.ts'
import type { DocumentContent, DocumentParameter } from './documents.ts'
import { compilePattern } from './pattern.ts'

export type ParameterValues = Record<string, string | string[]>

const invalid = (message: string): AwsError => new AwsError('InvalidParameters', message)

const largest = 64 * 1024

/** Why the service itself would not take the values; undefined when it does. */
const objection = (value: string, { allowedValues, allowedPattern, minChars = 0, maxChars = largest }: DocumentParameter) => {
  if (allowedValues !== undefined && !allowedValues.includes(value)) return `is not one of ${allowedValues.join(', ')}`
  if (value.length < minChars || value.length > maxChars)
    return `has ${value.length} characters, allowed are ${minChars} to ${maxChars}`
  if (allowedPattern === undefined || new RegExp(allowedPattern).test(value)) return undefined
  return `does not match the allowed pattern ${allowedPattern}`
}

/**
 * The values of a command with the defaults of the document. Throws `InvalidParameters` for a parameter that is missing, unknown
 * or refused by the document, and `MaxDocumentSizeExceeded` where document and parameters are above 64 KB together.
 */
export const parameterValues = (
  { parameters = {} }: DocumentContent,
  given: Record<string, string[]>,
  content: string,
): ParameterValues => {
  const unknown = Object.keys(given).find((name) => parameters[name] === undefined)
  if (unknown !== undefined) throw invalid(`Parameter ${unknown} is not defined in the document.`)
  if (Buffer.byteLength(content) + Buffer.byteLength(JSON.stringify(given)) > largest) {
    throw new AwsError('MaxDocumentSizeExceeded', 'The size limit of a document with its parameters is 64 KB.')
  }
  return Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => {
      const values = given[name] ?? (parameter.default === undefined ? undefined : [parameter.default].flat())
      if (values === undefined) throw invalid(`Parameter ${name} requires a value.`)
      if (parameter.type === 'String' && values.length !== 1) throw invalid(`Parameter ${name} takes one value.`)
      const objections = values.flatMap((value) => objection(value, parameter) ?? [])
      if (given[name] !== undefined && objections[0] !== undefined) throw invalid(`Parameter ${name} ${objections[0]}`)
      return [name, parameter.type === 'String' ? (values[0] ?? '') : values]
    }),
  )
}

/** The agent's own check after delivery, of patterns alone and in Go's syntax; its message for each value that it refuses. */
export const refusedByAgent = ({ parameters = {} }: DocumentContent, values: ParameterValues): string[] =>
  Object.entries(parameters).flatMap(([name, { allowedPattern }]) => {
    if (allowedPattern === undefined) return []
    const about = `error thrown in 'AllowedRegexParamValidator' while validating parameter /${name}/: `
    try {
      const pattern = compilePattern(allowedPattern)
      return [values[name] ?? ''].flat().flatMap((value) => {
        return pattern.test(value)
          ? []
          : `${about}parameter value /${value}/ does not match the allowed pattern /${allowedPattern}/`
      })
    } catch (error) {
      return `${about}encountered error while compiling allowed pattern - internal error: ${(error as Error).message}`
    }
  })

/**
 * The agent's substitution: `{{ Name }}` becomes the value as it is, shell or not, and `$$` in a value becomes `$`. A value that
 * looks like a token is not looked at again.
 */
export const substitute = (script: string, values: ParameterValues): string =>
  script.replace(/\{\{\s*([a-zA-Z0-9]+)\s*\}\}/g, (token, name: string) => {
    const value = values[name]
    if (value === undefined) return token
    return (typeof value === 'string' ? value : JSON.stringify(value)).replaceAll('$$', () => '$')
  })
