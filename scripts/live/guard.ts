import { CloudFormation } from '@aws-sdk/client-cloudformation'
import { EC2 } from '@aws-sdk/client-ec2'
import { ECR } from '@aws-sdk/client-ecr'
import { ECS } from '@aws-sdk/client-ecs'
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda'
import { call } from '../../lib/aws/errors.ts'
import { Refusal } from '../../lib/refusal.ts'
import type { Clients } from '../account/clients.ts'

/** Begins the name of every project of a live run, so that nothing else can be taken for one. */
export const PREFIX = 'live-'

/**
 * Refuses an account in which anything runs or is deployed that is not of this project: it is set up and emptied by a
 * machine, so it must be one that nobody misses. Looks into one region.
 */
export const requireDisposable = async (clients: Clients, region: string, project: string): Promise<void> => {
  const found = (await contents(clients, region)).filter(
    ([, name]) => !name.startsWith(`${project}-`) && !name.startsWith(`${project}/`),
  )
  if (found.length === 0) return
  const list = found.slice(0, 5).map(([what, name]) => `${what} ${name}`)
  throw new Refusal(
    `this account is in use: ${list.join(', ')}${found.length > list.length ? ` and ${found.length - list.length} more` : ''}; nothing was changed. Give an account that has nothing but what this command makes`,
  )
}

/** What and how it is called. A network that every account has at first is nothing. */
const contents = async (clients: Clients, region: string): Promise<[what: string, name: string][]> => {
  const found = await Promise.all([
    call('cloudformation:ListStacks', async () => {
      const { StackSummaries = [] } = await clients(CloudFormation, region).listStacks({})
      const standing = StackSummaries.filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE')
      return named(
        'the stack',
        standing.map(({ StackName }) => StackName),
      )
    }),
    call('ecs:ListClusters', async () => {
      const { clusterArns = [] } = await clients(ECS, region).listClusters({})
      // A new account may have one of this name.
      return named(
        'the cluster',
        clusterArns.map((arn) => arn.split('/').at(-1)),
      ).filter(([, name]) => name !== 'default')
    }),
    call('lambda:ListFunctions', async () => {
      const { Functions = [] } = await clients(LambdaClient, region).send(new ListFunctionsCommand({}))
      return named(
        'the function',
        Functions.map(({ FunctionName }) => FunctionName),
      )
    }),
    call('ecr:DescribeRepositories', async () => {
      const { repositories = [] } = await clients(ECR, region).describeRepositories({})
      return named(
        'the repository',
        repositories.map(({ repositoryName }) => repositoryName),
      )
    }),
    call('ec2:DescribeInstances', async () => {
      const { Reservations = [] } = await clients(EC2, region).describeInstances({})
      const instances = Reservations.flatMap(({ Instances = [] }) => Instances)
      const running = instances.filter(({ State }) => State?.Name !== 'terminated')
      return named(
        'the instance',
        running.map(({ InstanceId, Tags = [] }) => Tags.find(({ Key }) => Key === 'slipway:service')?.Value ?? InstanceId),
      )
    }),
  ])
  return found.flat()
}

const named = (what: string, names: (string | undefined)[]): [string, string][] =>
  names.map((name): [string, string] => [what, name ?? '(without a name)'])
