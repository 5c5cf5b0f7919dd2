import { CostExplorerClient, ListCostAllocationTagsCommand } from '@aws-sdk/client-cost-explorer'
import { DescribeRepositoriesCommand, ECRClient } from '@aws-sdk/client-ecr'
import { GetOpenIDConnectProviderCommand, GetRoleCommand, IAMClient } from '@aws-sdk/client-iam'
import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm'
import { explain, isNamed } from '../../lib/aws/errors.ts'
import type { Seen } from '../setup/observed.ts'
import type { Account, Parameter } from './account.ts'

export type AwsConfig = {
  region: string
  profile?: string
  requestHandler: { requestTimeout: number; connectionTimeout: number }
}

export const awsConfig = (region: string, profile: string | undefined): AwsConfig => ({
  region,
  ...(profile !== undefined && { profile }),
  requestHandler: { requestTimeout: 20_000, connectionTimeout: 5_000 },
})

/** What AWS says of an account, read with the credentials of a profile or of the default chain. */
export const awsAccount = (region: string, profile?: string): Account => {
  const config = (where = region): AwsConfig => awsConfig(where, profile)
  const iam = new IAMClient(config())
  return {
    provider: (arn) =>
      read('iam:GetOpenIDConnectProvider', ['NoSuchEntityException', 'NoSuchEntity'], async () => {
        const { ClientIDList = [] } = await iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn }))
        return ClientIDList
      }),
    trust: (name) =>
      read('iam:GetRole', ['NoSuchEntityException', 'NoSuchEntity'], async () => {
        const { Role } = await iam.send(new GetRoleCommand({ RoleName: name }))
        return parse(Role?.AssumeRolePolicyDocument ?? '')
      }),
    parameters: async (where, names) => {
      const ssm = new SSMClient(config(where))
      const found: Parameter[] = []
      for (let from = 0; from < names.length; from += PAGE) {
        const command = new GetParametersCommand({ Names: names.slice(from, from + PAGE) })
        const answer = await read('ssm:GetParameters', [], async () => (await ssm.send(command)).Parameters ?? [])
        if ('unseen' in answer) return answer
        found.push(
          ...(answer.value ?? []).map(({ Name = '', Value = '', Type = '' }) => ({ name: Name, value: Value, type: Type })),
        )
      }
      return { value: found }
    },
    tagMutability: (where, repository) =>
      read('ecr:DescribeRepositories', ['RepositoryNotFoundException'], async () => {
        const command = new DescribeRepositoriesCommand({ repositoryNames: [repository] })
        const { repositories = [] } = await new ECRClient(config(where)).send(command)
        return repositories[0]?.imageTagMutability
      }),
    activeCostTags: async (keys) => {
      const command = new ListCostAllocationTagsCommand({ TagKeys: keys, Status: 'Active' })
      const answer = await read('ce:ListCostAllocationTags', [], async () => {
        const { CostAllocationTags = [] } = await new CostExplorerClient(config('us-east-1')).send(command)
        return CostAllocationTags.flatMap(({ TagKey }) => TagKey ?? [])
      })
      return 'unseen' in answer ? answer : { value: answer.value ?? [] }
    },
  }
}

/** Names that one GetParameters takes. */
const PAGE = 10

/** IAM gives policies URL-encoded. */
const parse = (document: string): unknown => {
  const text = document.startsWith('{') ? document : decodeURIComponent(document)
  return JSON.parse(text)
}

const read = async <T>(name: string, absent: string[], send: () => Promise<T>): Promise<Seen<T | undefined>> => {
  try {
    return { value: await send() }
  } catch (error) {
    if (isNamed(error, ...absent)) return { value: undefined }
    return { unseen: explain(name, error) }
  }
}
