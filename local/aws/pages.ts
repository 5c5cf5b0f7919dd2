import { AwsError } from './service.ts'

/** One page of a list, with an opaque token for the next. */
export const page = <T>(items: T[], size: number, token: string | undefined): { items: T[]; nextToken?: string } => {
  const start = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString())
  if (!Number.isInteger(start)) throw new AwsError('InvalidParameterException', `Invalid parameter at 'nextToken': ${token}`)
  const rest = start + size < items.length ? { nextToken: Buffer.from(String(start + size)).toString('base64url') } : {}
  return { items: items.slice(start, start + size), ...rest }
}
