import { RegistryError } from './registry-errors.ts'

/** A request to `/v2/`, named by the IAM action that ECR authorises it with. */
export type RegistryRequest = {
  repository: string
  action:
    | 'BatchCheckLayerAvailability'
    | 'GetDownloadUrlForLayer'
    | 'InitiateLayerUpload'
    | 'UploadLayerPart'
    | 'CompleteLayerUpload'
    | 'BatchGetImage'
    | 'PutImage'
    | 'ListImages'
  method: string
  /** Tag, digest or id of an upload. */
  reference: string
}

const actions: Record<string, Record<string, RegistryRequest['action']>> = {
  uploads: {
    POST: 'InitiateLayerUpload',
    GET: 'UploadLayerPart',
    PATCH: 'UploadLayerPart',
    PUT: 'CompleteLayerUpload',
    DELETE: 'UploadLayerPart',
  },
  blobs: { HEAD: 'BatchCheckLayerAvailability', GET: 'GetDownloadUrlForLayer' },
  manifests: { HEAD: 'BatchGetImage', GET: 'BatchGetImage', PUT: 'PutImage' },
  tags: { GET: 'ListImages' },
}

const paths = /^\/v2\/(?<repository>.+?)\/(?:blobs\/(?<uploads>uploads)\/?|(?<kind>blobs|manifests|tags)\/)(?<reference>[^/]*)$/

export const parseRegistryRequest = (method: string, path: string): RegistryRequest => {
  const { repository, uploads, kind, reference } = paths.exec(path)?.groups ?? {}
  const action = actions[uploads ?? kind ?? '']?.[method]
  if (repository === undefined || action === undefined) {
    throw new RegistryError(405, 'UNSUPPORTED', `NotImplemented: registry ${method} ${path}`)
  }
  return { repository, action, method, reference: reference ?? '' }
}
