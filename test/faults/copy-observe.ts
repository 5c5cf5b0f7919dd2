import { ECRClient, GetAuthorizationTokenCommand, paginateListImages } from '@aws-sdk/client-ecr'
import { registryClient } from '../../local/aws/ecr/image.case.ts'
import type { Cloud } from '../../local/cloud.ts'

/** Each image of a repository by its digest, with its tags, and what refers to it. */
export const imagesOf = async (cloud: Cloud, account: string, region: string, repositoryName: string) => {
  const client = new ECRClient({ endpoint: cloud.endpoint, region, credentials: cloud.adminKey(account) })
  const images: Record<string, string[]> = {}
  for await (const { imageIds = [] } of paginateListImages({ client }, { repositoryName })) {
    for (const { imageTag, imageDigest = '' } of imageIds) {
      images[imageDigest] = [...(images[imageDigest] ?? []), ...(imageTag === undefined ? [] : [imageTag])].toSorted()
    }
  }
  const { authorizationData } = await client.send(new GetAuthorizationTokenCommand({}))
  const { send } = registryClient(authorizationData?.[0]?.proxyEndpoint ?? '', authorizationData?.[0]?.authorizationToken)
  const referrers: Record<string, string[]> = {}
  for (const digest of Object.keys(images)) {
    const listed = (await (await send(`/v2/${repositoryName}/referrers/${digest}`)).json()) as { manifests: { digest: string }[] }
    if (listed.manifests.length > 0) referrers[digest] = listed.manifests.map((each) => each.digest)
  }
  return { images, referrers }
}
