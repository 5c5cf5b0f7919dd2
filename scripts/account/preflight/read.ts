import { CostExplorerClient, GetCostAndUsageCommand } from '@aws-sdk/client-cost-explorer'
import { DescribeAddressesCommand, DescribeRegionsCommand, DescribeVpcsCommand, EC2Client, type Tag } from '@aws-sdk/client-ec2'
import { GetRoleCommand, IAMClient, ListOpenIDConnectProvidersCommand } from '@aws-sdk/client-iam'
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { GetServiceQuotaCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas'
import { explain, isNamed } from '../../../lib/aws/errors.ts'
import { PROJECT_TAG, partition } from '../../../lib/delivery/names.ts'
import type { Seen } from '../../setup/observed.ts'
import type { Clients } from '../clients.ts'
import { type Facts, type Limit, limitKey } from './facts.ts'
import { LIMITS, type LimitName } from './limits.ts'
import type { Needs } from './needs.ts'

/** The roles that identity stacks of the account are still to make. */
export type Ours = { project: string; roles: string[] }

/** Asks the account everything that its preflight needs. It changes nothing; Cost Explorer takes $0.01 for its answer. */
export const readFacts = async (clients: Clients, needs: Needs, ours: Ours, now: Date): Promise<Facts> => {
  const [home = 'us-east-1'] = needs.regions
  const iam = clients(IAMClient, home)
  const [providers, serviceRoles, strangers, limits, regions, costExplorer] = await Promise.all([
    seen('iam:ListOpenIDConnectProviders', async () => {
      const { OpenIDConnectProviderList = [] } = await iam.send(new ListOpenIDConnectProvidersCommand({}))
      return OpenIDConnectProviderList.flatMap(({ Arn }) => Arn ?? [])
    }),
    each(needs.serviceRoles, (service) => isRole(iam, serviceRole(service))),
    existing(iam, ours.roles),
    each(
      needs.limits.map(({ region, name }) => limitKey(region, name)),
      (key) => readLimit(clients, key, ours.project),
    ),
    each(needs.regions, (region) => readRegion(clients, region)),
    readCostExplorer(clients, home, now),
  ])
  return { providers, serviceRoles, strangers, limits, regions, costExplorer }
}

const seen = async <T>(name: string, ask: () => Promise<T>): Promise<Seen<T>> => {
  try {
    return { value: await ask() }
  } catch (error) {
    return { unseen: explain(name, error) }
  }
}

const each = async <T>(keys: readonly string[], ask: (key: string) => Promise<Seen<T>>): Promise<Map<string, Seen<T>>> =>
  new Map(await Promise.all(keys.map(async (key): Promise<[string, Seen<T>]> => [key, await ask(key)])))

/** Names that AWS gives them: service authorization reference, condition key iam:AWSServiceName. */
const SERVICE_ROLES: Record<string, string> = {
  'ecs.amazonaws.com': 'AWSServiceRoleForECS',
  'elasticloadbalancing.amazonaws.com': 'AWSServiceRoleForElasticLoadBalancing',
  'autoscaling.amazonaws.com': 'AWSServiceRoleForAutoScaling',
  'ecs.application-autoscaling.amazonaws.com': 'AWSServiceRoleForApplicationAutoScaling_ECSService',
  'ops.apigateway.amazonaws.com': 'AWSServiceRoleForAPIGateway',
}

const serviceRole = (service: string): string => SERVICE_ROLES[service] ?? service

const isRole = (iam: IAMClient, RoleName: string): Promise<Seen<boolean>> =>
  seen('iam:GetRole', async () => {
    try {
      await iam.send(new GetRoleCommand({ RoleName }))
      return true
    } catch (error) {
      if (isNamed(error, 'NoSuchEntityException', 'NoSuchEntity')) return false
      throw error
    }
  })

const existing = async (iam: IAMClient, roles: string[]): Promise<Seen<string[]>> => {
  const found: string[] = []
  for (const role of roles) {
    const answer = await isRole(iam, role)
    if ('unseen' in answer) return answer
    if (answer.value) found.push(role)
  }
  return { value: found }
}

const readLimit = (clients: Clients, key: string, project: string): Promise<Seen<Limit>> => {
  const [region = '', name = ''] = key.split(' ')
  const limit = name as LimitName
  if (limit === 'concurrency') {
    return seen('lambda:GetAccountSettings', async () => {
      const { AccountLimit = {} } = await clients(LambdaClient, region).send(new GetAccountSettingsCommand({}))
      const { ConcurrentExecutions: value = 0, UnreservedConcurrentExecutions: free = value } = AccountLimit
      return { value, taken: value - free }
    })
  }
  const { service, code } = LIMITS[limit]
  return seen('servicequotas:GetServiceQuota', async () => {
    const command = new GetServiceQuotaCommand({ ServiceCode: service, QuotaCode: code })
    const { Quota } = await clients(ServiceQuotasClient, region).send(command)
    if (Quota?.Value === undefined) throw new Error(`Service Quotas gives no value for ${code}`)
    return { value: Quota.Value, taken: await takenOf(clients(EC2Client, region), limit, project) }
  })
}

/** What is counted without a further permission; of the rest the quota alone is compared. */
const takenOf = async (ec2: EC2Client, limit: LimitName, project: string): Promise<number> => {
  const others = (tagged: { Tags?: Tag[] | undefined }[]): number =>
    tagged.filter(({ Tags = [] }) => !Tags.some(({ Key, Value }) => Key === PROJECT_TAG && Value === project)).length
  if (limit === 'addresses') return others((await ec2.send(new DescribeAddressesCommand({}))).Addresses ?? [])
  if (limit === 'networks') return others((await ec2.send(new DescribeVpcsCommand({}))).Vpcs ?? [])
  return 0
}

/** Asked of a region that every account of the partition has. */
const readRegion = (clients: Clients, region: string): Promise<Seen<string>> =>
  seen('ec2:DescribeRegions', async () => {
    const home = { aws: 'us-east-1', 'aws-cn': 'cn-north-1', 'aws-us-gov': 'us-gov-west-1' }[partition(region).name] ?? region
    const command = new DescribeRegionsCommand({ RegionNames: [region], AllRegions: true })
    const { Regions = [] } = await clients(EC2Client, home).send(command)
    return Regions[0]?.OptInStatus ?? 'opt-in-not-required'
  })

/** One day, by the day: an account that never opened Cost Explorer answers with one of two errors. */
const readCostExplorer = (clients: Clients, home: string, now: Date): Promise<Seen<boolean>> =>
  seen('ce:GetCostAndUsage', async () => {
    const day = (back: number): string => new Date(now.getTime() - back * 86_400_000).toISOString().slice(0, 10)
    const region = { 'aws-cn': 'cn-northwest-1' }[partition(home).name] ?? 'us-east-1'
    const input = { TimePeriod: { Start: day(2), End: day(1) }, Granularity: 'DAILY' as const, Metrics: ['UnblendedCost'] }
    try {
      await clients(CostExplorerClient, region).send(new GetCostAndUsageCommand(input))
      return true
    } catch (error) {
      if (isNamed(error, 'DataUnavailableException') || /not enabled for cost explorer/i.test(String(error))) return false
      throw error
    }
  })
