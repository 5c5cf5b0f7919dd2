import type { HttpAnswer } from './http.ts'
import { isTransient, parseRetryAfter, RegistryError } from './retry.ts'

const WRITE =
  'ecr:BatchCheckLayerAvailability, ecr:InitiateLayerUpload, ecr:UploadLayerPart, ecr:CompleteLayerUpload and ecr:PutImage'
const READ = 'ecr:BatchGetImage and ecr:GetDownloadUrlForLayer'
/** ECR has no action for lists of referrers alone (API reference, ListImageReferrers). */
const LIST = 'ecr:BatchGetImage'

/** An answer that is an error. Registries answer `{ errors: [{ code, message }] }`; proxies before them answer anything. */
export const refused = (
  request: string,
  repository: string,
  { status, headers, body }: HttpAnswer,
  now: number,
): RegistryError => {
  const said = registryMessage(body) || 'no explanation'
  const denied = status === 401 || status === 403
  const hint = denied ? `; allow ${actionsFor(request)} on the repository to the role of this job` : ''
  const message = `the registry answered ${status} to ${request} ${repository}: ${said}${hint}`
  return new RegistryError(message, status, parseRetryAfter(headers['retry-after'], now))
}

/** Says in an error of the network which request it broke; by itself it only says how. */
export const unanswered =
  (request: string, repository: string) =>
  (error: Error): never => {
    if (isTransient(error)) error.message = `the registry did not answer ${request} ${repository}: ${error.message}`
    throw error
  }

const actionsFor = (request: string): string => (request === 'GET referrers' ? LIST : request.startsWith('GET ') ? READ : WRITE)

const registryMessage = (body: string): string => {
  try {
    const { errors } = JSON.parse(body) as { errors?: { code?: string; message?: string }[] }
    return (errors ?? []).map(({ code, message }) => [code, message].filter(Boolean).join(': ')).join('; ')
  } catch {
    return body.replaceAll(/\s+/g, ' ').slice(0, 200)
  }
}
