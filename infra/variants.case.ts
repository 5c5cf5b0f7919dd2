import { example } from '../lib/delivery/configuration.case.ts'
import type { Configuration } from '../lib/delivery/configuration.ts'

const inOneAccount = (): Configuration => {
  const all = example()
  const account = all.registry.account
  const environments = Object.entries(all.environments).map(([name, place]) => [name, { ...place, account }])
  return { ...all, environments: Object.fromEntries(environments) }
}

const withNetwork = (network: Configuration['environments'][string]['network']): Configuration => {
  const all = example()
  for (const environment of Object.values(all.environments)) environment.network = network
  return all
}

const withoutDomain = (): Configuration => {
  const all = example()
  for (const environment of Object.values(all.environments)) delete environment.domain
  return all
}

const adopted = (): Configuration => {
  const all = example()
  const { api, events, edge } = all.services
  if (api?.target !== 'ecs' || events?.target !== 'lambda' || edge?.target !== 'ec2') throw new Error('the example has changed')
  api.names = { cluster: 'old', service: 'web', role: 'web-task', executionRole: 'web-start' }
  events.names = { function: 'old-events' }
  edge.names = { tag: { key: 'Role', value: 'edge' }, document: 'old-deploy' }
  return { ...all, identity: { existingProvider: ['222222222222'] } }
}

const china = (): Configuration => {
  const all = inOneAccount()
  for (const place of [all.registry, ...Object.values(all.environments)]) place.region = 'cn-north-1'
  return all
}

/** Ways in which a project may be set up. */
export const VARIANTS: Record<string, () => Configuration> = {
  'an account for each environment': example,
  'one account for all': inOneAccount,
  'no domain': withoutDomain,
  'a NAT gateway per zone, three zones, every endpoint': () =>
    withNetwork({
      zones: 3,
      nat: 'per-zone',
      endpoints: ['ecr.api', 'ecr.dkr', 'logs', 'monitoring', 'secretsmanager', 'ssm', 'ssmmessages', 'sts'],
      flowLogs: 365,
    }),
  'no NAT gateway, endpoints instead': () =>
    withNetwork({ nat: 'none', endpoints: ['ecr.api', 'ecr.dkr', 'logs', 'secretsmanager', 'ssm', 'ssmmessages'] }),
  'public subnets, nothing recorded': () => withNetwork({ subnets: 'public', flowLogs: false }),
  'everything adopted': adopted,
  'another partition': china,
}
