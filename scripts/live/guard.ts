import { CloudFormation, StackStatus } from '@aws-sdk/client-cloudformation'
import { EC2 } from '@aws-sdk/client-ec2'
import { ECR } from '@aws-sdk/client-ecr'
import { ECS } from '@aws-sdk/client-ecs'
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda'
import { DescribeParametersCommand, SSMClient } from '@aws-sdk/client-ssm'
import { call } from '../../lib/aws/errors.ts'
import { Refusal } from '../../lib/refusal.ts'
import type { Clients } from '../account/clients.ts'

/** Begins the name of every project of a live run, so that nothing else can be taken for one. */
export const PREFIX = 'live-'

/**
 * Refuses an account in which it finds something that is not of this project: it is set up and emptied by a machine, so it must
 * be one that nobody misses. It looks for stacks, clusters, functions, repositories, instances, networks and parameters in one
 * region; buckets, databases, identities and other regions it does not see.
 */
export const requireDisposable = async (clients: Clients, region: string, project: string): Promise<void> => {
  const found = (await contents(clients, region)).filter(
    ([, name]) => !['-', '/'].some((end) => name.replace(/^\//, '').startsWith(`${project}${end}`)),
  )
  if (found.length === 0) return
  const list = found.slice(0, 5).map(([what, name]) => `${what} ${name}`)
  throw new Refusal(
    `this account is in use: ${list.join(', ')}${found.length > list.length ? ` and ${found.length - list.length} more` : ''}; nothing was changed. Give an account that has nothing but what this command makes`,
  )
}

type Found = [what: string, name: string]

/** What and how it is called. */
const contents = async (clients: Clients, region: string): Promise<Found[]> => {
  const found = await Promise.all(
    [stacks, clusters, functions, repositories, instances, networks, parameters].map((kind) => kind(clients, region)),
  )
  return found.flat()
}

const stacks = (clients: Clients, region: string): Promise<Found[]> =>
  every('cloudformation:ListStacks', 'the stack', async (NextToken) => {
    const answer = await clients(CloudFormation, region).listStacks({ NextToken, StackStatusFilter: STANDING })
    const standing = (answer.StackSummaries ?? []).filter(({ StackStatus: status }) => status !== 'DELETE_COMPLETE')
    return { names: standing.map(({ StackName }) => StackName), next: answer.NextToken }
  })

/** Those that are gone are listed for 90 days. */
const STANDING = Object.values(StackStatus).filter((status) => status !== 'DELETE_COMPLETE')

const clusters = (clients: Clients, region: string): Promise<Found[]> =>
  every('ecs:ListClusters', 'the cluster', async (nextToken) => {
    const answer = await clients(ECS, region).listClusters({ nextToken })
    const names = (answer.clusterArns ?? []).map((arn) => arn.split('/').at(-1))
    // A new account may have one of this name.
    return { names: names.filter((name) => name !== 'default'), next: answer.nextToken }
  })

const functions = (clients: Clients, region: string): Promise<Found[]> =>
  every('lambda:ListFunctions', 'the function', async (Marker) => {
    const answer = await clients(LambdaClient, region).send(new ListFunctionsCommand({ Marker }))
    return { names: (answer.Functions ?? []).map(({ FunctionName }) => FunctionName), next: answer.NextMarker }
  })

const repositories = (clients: Clients, region: string): Promise<Found[]> =>
  every('ecr:DescribeRepositories', 'the repository', async (nextToken) => {
    const answer = await clients(ECR, region).describeRepositories({ nextToken })
    return { names: (answer.repositories ?? []).map(({ repositoryName }) => repositoryName), next: answer.nextToken }
  })

type Tagged = { Tags?: { Key?: string | undefined; Value?: string | undefined }[] | undefined }

const tagOf = ({ Tags = [] }: Tagged, key: string): string | undefined => Tags.find(({ Key }) => Key === key)?.Value

const instances = (clients: Clients, region: string): Promise<Found[]> =>
  every('ec2:DescribeInstances', 'the instance', async (NextToken) => {
    const answer = await clients(EC2, region).describeInstances({ NextToken })
    const all = (answer.Reservations ?? []).flatMap(({ Instances = [] }) => Instances)
    const there = all.filter(({ State }) => State?.Name !== 'terminated')
    return { names: there.map((each) => tagOf(each, 'slipway:service') ?? each.InstanceId), next: answer.NextToken }
  })

/** The one that every account has at first is nothing. */
const networks = (clients: Clients, region: string): Promise<Found[]> =>
  every('ec2:DescribeVpcs', 'the network', async (NextToken) => {
    const answer = await clients(EC2, region).describeVpcs({ NextToken })
    const made = (answer.Vpcs ?? []).filter(({ IsDefault }) => IsDefault !== true)
    return { names: made.map((each) => tagOf(each, 'Name') ?? each.VpcId), next: answer.NextToken }
  })

const parameters = (clients: Clients, region: string): Promise<Found[]> =>
  every('ssm:DescribeParameters', 'the parameter', async (NextToken) => {
    const answer = await clients(SSMClient, region).send(new DescribeParametersCommand({ NextToken }))
    return { names: (answer.Parameters ?? []).map(({ Name }) => Name), next: answer.NextToken }
  })

type Page = { names: (string | undefined)[]; next: string | undefined }

/** Of all pages. */
const every = async (action: string, what: string, page: (token: string | undefined) => Promise<Page>): Promise<Found[]> => {
  const found: Found[] = []
  let token: string | undefined
  do {
    const { names, next } = await call(action, () => page(token))
    found.push(...names.map((name): Found => [what, name ?? '(without a name)']))
    token = next
  } while (token !== undefined && token !== '')
  return found
}
