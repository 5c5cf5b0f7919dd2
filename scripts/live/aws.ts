import { CloudFormation } from '@aws-sdk/client-cloudformation'
import { IAM } from '@aws-sdk/client-iam'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { call } from '../../lib/aws/errors.ts'
import type { Configuration } from '../../lib/delivery/configuration.ts'
import { ISSUER } from '../../lib/delivery/identity.ts'
import { oidcProviderArn, providerStackName } from '../../lib/delivery/names.ts'
import { parseConfiguration } from '../../lib/delivery/parse.ts'
import { Refusal } from '../../lib/refusal.ts'
import { describe } from '../account/change-set.ts'
import { type Clients, clientsOf } from '../account/clients.ts'
import { PREFIX, requireDisposable } from './guard.ts'
import { type Place, STEPS, type StepName } from './place.ts'
import { liveConfiguration, type Target } from './project.ts'

export type LiveOptions = {
  account: string
  profile?: string | undefined
  region: string
  name: string
  /** Parted by commas. */
  targets: string
  'only-destroy': boolean
}

const TARGETS: readonly string[] = ['ecs', 'lambda', 'ec2'] satisfies Target[]
const isTarget = (name: string): name is Target => TARGETS.includes(name)

/** The account on AWS, once it is sure that it is the one that was named and that nothing else is in it. */
export const awsPlace = async (
  options: LiveOptions,
  clients: Clients = clientsOf(options.profile),
): Promise<{ place: Place; configuration: Configuration }> => {
  const { account, region, name } = options
  if (!/^\d{12}$/.test(account)) throw new Refusal(`--account takes 12 digits, received '${account}'`)
  if (!name.startsWith(PREFIX)) throw new Refusal(`--name must begin with ${PREFIX}, received '${name}'`)
  const targets = options.targets.split(',')
  if (!targets.every(isTarget))
    throw new Refusal(`--targets takes ${TARGETS.join(', ')}, parted by commas; received '${options.targets}'`)
  const caller = await call('sts:GetCallerIdentity', () => clients(STSClient, region).send(new GetCallerIdentityCommand({})))
  if (caller.Account !== account) {
    throw new Refusal(
      `wrong account: these credentials belong to ${caller.Account} (${caller.Arn}), expected ${account}; nothing was changed`,
    )
  }
  await requireDisposable(clients, region, name)
  const configuration = liveConfiguration(name, { account, region }, targets, await hasForeignProvider(clients, options))
  const untried: Place['untried'] = options['only-destroy']
    ? Object.fromEntries(STEPS.filter((step) => step !== 'destroy').map((step): [StepName, string] => [step, '--only-destroy']))
    : {}
  return {
    configuration: parseConfiguration(JSON.stringify(configuration), 'the configuration of this run'),
    place: {
      name: `AWS account ${account}`,
      account,
      region,
      clients,
      env: environment(options),
      untried,
      poll: 3_000,
      pollInterval: '2.75s',
    },
  }
}

/** Whether the account has GitHub's provider, and not from a stack of an earlier run. */
const hasForeignProvider = async (clients: Clients, { account, region, name }: LiveOptions): Promise<boolean> => {
  const { OpenIDConnectProviderList = [] } = await call('iam:ListOpenIDConnectProviders', () =>
    clients(IAM, region).listOpenIDConnectProviders({}),
  )
  const isThere = OpenIDConnectProviderList.some(({ Arn }) => Arn === oidcProviderArn({ account, region }, ISSUER))
  return isThere && (await describe(clients(CloudFormation, region), providerStackName(name, account))) === undefined
}

/** What the SDK and Docker read; nothing else of this process goes to the actions. */
const environment = ({ profile, region }: LiveOptions): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ ...process.env, AWS_REGION: region, ...(profile !== undefined && { AWS_PROFILE: profile }) }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && /^(AWS_|DOCKER_|HOME$|PATH$)/.test(entry[0]),
    ),
  )
