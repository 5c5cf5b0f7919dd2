import type { RegistryImages } from '../ecr/locate.ts'
import { accessDenied } from '../faults.ts'
import { evaluate, namesOf } from '../policy.ts'
import type { Authorization, Principal } from '../service.ts'
import { invalid } from './model.ts'

/** The image of a function, resolved once, when it was given. */
export type SourceImage = {
  /** As it was given. */
  uri: string
  /** `REPOSITORY@DIGEST` */
  resolvedUri: string
  digest: string
  reference: string
  credentials: { username: string; password: string }
  /** As functions name it, `x86_64` or `arm64`. */
  architecture: string
}

export type Sources = {
  /** Resolves an image for a function, or rejects as UpdateFunctionCode does. */
  resolve(uri: string, functionArn: string, caller: Principal): Promise<SourceImage>
}

const actions = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']

const ecrUri = /^(?<account>\d{12})\.dkr\.ecr\.(?<region>[a-z0-9-]+)\.amazonaws\.com\/(?<name>[^:@]+)/

/**
 * What an image of another account asks of the caller
 * (https://docs.aws.amazon.com/lambda/latest/dg/images-create.html, Amazon ECR cross-account permissions).
 */
export const imageAuthorizations = (uri: string | undefined, { account: home }: Principal): Authorization[] => {
  const { account, region, name } = ecrUri.exec(uri ?? '')?.groups ?? {}
  if (account === undefined || account === home) return []
  return actions.map((action) => ({ action, resource: `arn:aws:ecr:${region}:${account}:repository/${name}` }))
}

const singleImage = ['application/vnd.oci.image.manifest.v1+json', 'application/vnd.docker.distribution.manifest.v2+json']

/** Images of functions: private, of the same region, one platform, and open to Lambda and to the caller. */
export const imageSources = (images: RegistryImages): Sources => ({
  async resolve(uri, functionArn, caller) {
    const [, , , ownRegion] = functionArn.split(':')
    const { region } = ecrUri.exec(uri)?.groups ?? {}
    if (region === undefined || region !== ownRegion)
      throw invalid(`Source image ${uri} is not valid. Provide a valid source image.`)
    const found = await images.locate(uri).catch(() => undefined)
    if (found === undefined) throw invalid(`Source image ${uri} does not exist. Provide a valid source image.`)
    const { digest, reference, credentials, mediaType, repository } = found

    // In its own account Lambda adds the statement that it needs by itself.
    const mayRead = (principal: Record<string, string[]>) =>
      actions.every((action) => {
        const request = { action, resource: repository.arn, principal, context: { 'aws:SourceArn': functionArn } }
        return repository.policy !== undefined && evaluate([repository.policy], request) === 'allowed'
      })
    const isOwn = repository.account === caller.account
    if (!isOwn && !(mayRead({ AWS: namesOf(caller) }) && mayRead({ Service: ['lambda.amazonaws.com'] })))
      throw accessDenied('lambda', 'Lambda does not have permission to access the ECR image. Check the ECR permissions.')
    if (!singleImage.includes(mediaType))
      throw invalid(`The image manifest, config or layer media type for the source image ${uri} is not supported.`)

    const architecture = (await found.architecture()) === 'arm64' ? 'arm64' : 'x86_64'
    const resolvedUri = `${uri.replace(/@.*$/, '').replace(/:[^/:]*$/, '')}@${digest}`
    return { uri, resolvedUri, digest, reference, credentials, architecture }
  },
})
