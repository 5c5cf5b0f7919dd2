import { DescribeDocumentCommand, GetDocumentCommand } from '@aws-sdk/client-ssm'
import { call, isNamed } from '../../../../../lib/aws/errors.ts'
import { hostDocument } from '../../../../../lib/host/document.ts'
import { Refusal } from '../../../../../lib/refusal.ts'
import type { Fleet, Pin } from './fleet.ts'

const REMEDY = 'nothing was changed. Create or update the document (docs/ec2-hosts.md says how)'

/**
 * Reads the document and compares it with what this version of the action expects a host to run, so that a host never runs a
 * program that nobody here has seen. Rejects with a `Refusal` where it is another one.
 */
export const pinDocument = async ({ ssm, document: Name }: Fleet, registryHost: string): Promise<Pin> => {
  const missing = (error: Error): never => {
    if (!isNamed(error, 'InvalidDocument', 'InvalidDocumentVersion')) throw error
    throw new Refusal(`there is no SSM document '${Name}' in this account and region; ${REMEDY}`, { cause: error })
  }
  const { Document = {} } = await call('ssm:DescribeDocument', () => ssm.send(new DescribeDocumentCommand({ Name }))).catch(
    missing,
  )
  const { DocumentVersion: version = '', Hash: hash = '', HashType, Status } = Document
  if (Status !== 'Active')
    throw new Refusal(`the SSM document '${Name}' is ${Status ?? 'in an unknown state'}; nothing was changed`)
  if (HashType !== 'Sha256' || hash === '' || version === '')
    throw new Refusal(`the SSM document '${Name}' has no Sha256 hash, so it cannot be pinned; ${REMEDY}`)
  const command = new GetDocumentCommand({ Name, DocumentVersion: version, DocumentFormat: 'JSON' })
  const { Content = '' } = await call('ssm:GetDocument', () => ssm.send(command)).catch(missing)
  const difference = differenceOf(parsed(Content), hostDocument(registryHost))
  if (difference === undefined) return { version, hash }
  throw new Refusal(
    `version ${version} of the SSM document '${Name}' is not the one that this version of the action works with (${difference} differs); ${REMEDY}`,
  )
}

const parsed = (content: string): unknown => {
  try {
    return JSON.parse(content)
  } catch {
    return undefined
  }
}

/**
 * Where two JSON values differ first, as a path; undefined where they are equal. The order of keys does not count, nor whether
 * a number is one or its text: CloudFormation hands them on as text.
 */
export const differenceOf = (one: unknown, other: unknown, path = ''): string | undefined => {
  if (!isObject(one) || !isObject(other)) return scalar(one) === scalar(other) ? undefined : path || 'the whole'
  if (Array.isArray(one) !== Array.isArray(other)) return path || 'the whole'
  for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const difference = differenceOf(one[key], other[key], path === '' ? key : `${path}.${key}`)
    if (difference !== undefined) return difference
  }
  return undefined
}

const scalar = (value: unknown): unknown => (typeof value === 'number' || typeof value === 'boolean' ? String(value) : value)

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
