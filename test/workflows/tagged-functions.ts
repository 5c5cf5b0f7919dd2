import { ECR } from '@aws-sdk/client-ecr'
import type { FunctionRuntime } from '../../local/aws/lambda/runtime.ts'
import type { Cloud } from '../../local/cloud.ts'

/** Functions that answer an HTTP event with the content tag that the registry has of their image, as the sample service does. */
export const taggedFunctions = (
  cloud: () => Cloud,
  { account, region }: { account: string; region: string },
): FunctionRuntime => ({
  async invoke({ image: { digest, reference } }) {
    const { endpoint, adminKey } = cloud()
    const ecr = new ECR({ endpoint, region, credentials: adminKey(account) })
    const repositoryName = reference.slice(reference.indexOf('/') + 1, reference.indexOf('@'))
    const { imageDetails = [] } = await ecr.describeImages({ repositoryName, imageIds: [{ imageDigest: digest }] })
    ecr.destroy()
    const version = imageDetails[0]?.imageTags?.find((tag) => tag.startsWith('src-'))
    return { payload: JSON.stringify({ statusCode: 200, body: JSON.stringify({ version }), isBase64Encoded: false }) }
  },
  close: async () => undefined,
})
