import { AwsError } from '../service.ts'
import { DigestMismatch } from './store.ts'

/** An error of the registry's HTTP interface, in the form of the OCI distribution specification. */
export class RegistryError extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

/** How ECR's HTTP interface shows the API's errors. */
const shown: Record<string, [status: number, code: string]> = {
  RepositoryNotFoundException: [404, 'NAME_UNKNOWN'],
  ImageTagAlreadyExistsException: [400, 'TAG_INVALID'],
  ImageDigestDoesNotMatchException: [400, 'DIGEST_INVALID'],
  LayersNotFoundException: [400, 'MANIFEST_BLOB_UNKNOWN'],
  ReferencedImagesNotFoundException: [400, 'MANIFEST_BLOB_UNKNOWN'],
  InvalidParameterException: [400, 'MANIFEST_INVALID'],
  AccessDeniedException: [403, 'DENIED'],
  ExpiredTokenException: [403, 'DENIED'],
  ThrottlingException: [429, 'TOOMANYREQUESTS'],
}

export const asRegistryError = (error: unknown): RegistryError => {
  if (error instanceof RegistryError) return error
  if (error instanceof DigestMismatch) return new RegistryError(400, 'DIGEST_INVALID', error.message)
  const message = error instanceof Error ? error.message : String(error)
  const [status, code] = (error instanceof AwsError ? shown[error.name] : undefined) ?? [500, 'UNKNOWN']
  return new RegistryError(status, code, message)
}

export const registryErrorResponse = ({ status, code, message }: RegistryError, headers: Record<string, string> = {}): Response =>
  Response.json(
    { errors: [{ code, message }] },
    { status, headers: { 'docker-distribution-api-version': 'registry/2.0', ...headers } },
  )
