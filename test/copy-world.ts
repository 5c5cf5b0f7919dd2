import { BatchGetImageCommand, ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr'
import { MANIFEST_TYPES } from '../lib/oci/manifest.ts'
import { registryClient } from '../local/aws/ecr/image.case.ts'
import { branchJob, tokenRequest, trustOf } from '../local/github/claims.case.ts'
import type { RunningStep, Step } from '../local/github/step.ts'
import type { ScenarioRole } from '../local/scenario.ts'
import { account, otherAccount, region, startBuildWorld } from './build-world.ts'

export const elsewhere = 'us-east-1'
export const source = `${otherAccount}.dkr.ecr.${elsewhere}.amazonaws.com/shop/app`
export const WRITES = /PutImage|InitiateLayerUpload|UploadLayerPart|CompleteLayerUpload/

const role = (of: string, name: string, actions: string[]): ScenarioRole => ({
  arn: `arn:aws:iam::${of}:role/${name}`,
  trust: trustOf(of, {}),
  policies: [{ Statement: { Effect: 'Allow', Action: actions, Resource: '*' } }],
})
export const reader = role(otherAccount, 'shop-registry-read', [
  'ecr:GetAuthorizationToken',
  'ecr:BatchGetImage',
  'ecr:GetDownloadUrlForLayer',
])
export const writer = role(account, 'shop-registry-build', [
  'ecr:GetAuthorizationToken',
  'ecr:BatchGetImage',
  'ecr:BatchCheckLayerAvailability',
  'ecr:InitiateLayerUpload',
  'ecr:UploadLayerPart',
  'ecr:CompleteLayerUpload',
  'ecr:PutImage',
])

export type CopyWorld = Awaited<ReturnType<typeof startCopyWorld>>

/** The repository of the build world, and one of the same name in another account and region, each with a role of its own. */
export const startCopyWorld = async () => {
  const world = await startBuildWorld({
    roles: [reader, writer],
    repositories: [
      { account, region, name: 'shop/app', tagMutability: 'IMMUTABLE' },
      { account: otherAccount, region: elsewhere, name: 'shop/app' },
    ],
  })
  const inputs = { source, 'source-role-to-assume': reader.arn, 'role-to-assume': writer.arn }
  const clientOf = (of: string, at: string) =>
    new ECRClient({ endpoint: world.cloud.endpoint, region: at, credentials: world.cloud.adminKey(of) })
  /** A job with no AWS key of its own. */
  const job = (): Record<string, string> => tokenRequest(world.cloud.issuer, branchJob('refs/heads/dev'))
  const start = (more: Record<string, string> = {}, env: Record<string, string> = {}, entry?: string): RunningStep =>
    world.start({ ...inputs, ...more }, { ...job(), ...env }, entry)
  return {
    ...world,
    tree: (): string => `src-${world.git('rev-parse', 'HEAD:app')}`,
    job,
    start,
    run: (more: Record<string, string> = {}): Promise<Step> => start(more).done,
    /** Talks to the registry of the source, or to another, as its owner. */
    owner: async (of = otherAccount, at = elsewhere) => {
      const { authorizationData } = await clientOf(of, at).send(new GetAuthorizationTokenCommand({}))
      return registryClient(authorizationData?.[0]?.proxyEndpoint ?? '', authorizationData?.[0]?.authorizationToken)
    },
    /** What ECR answers for a tag or digest: media type and bytes. */
    stored: async (id: { imageTag?: string; imageDigest?: string }, of = account, at = region) => {
      const command = new BatchGetImageCommand({ repositoryName: 'shop/app', imageIds: [id], acceptedMediaTypes: MANIFEST_TYPES })
      const [image] = (await clientOf(of, at).send(command)).images ?? []
      return image && { digest: image.imageId?.imageDigest, type: image.imageManifestMediaType, bytes: image.imageManifest }
    },
  }
}
