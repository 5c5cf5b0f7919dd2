import { CloudFormation } from '@aws-sdk/client-cloudformation'
import { CreateServiceLinkedRoleCommand, IAMClient } from '@aws-sdk/client-iam'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { call } from '../../lib/aws/errors.ts'
import type { Configuration } from '../../lib/delivery/configuration.ts'
import { identity } from '../../lib/delivery/identity.ts'
import { providerStackName } from '../../lib/delivery/names.ts'
import { Refusal } from '../../lib/refusal.ts'
import { type Finding, reporter } from '../doctor/finding.ts'
import { render } from '../doctor/render.ts'
import { describe } from './change-set.ts'
import type { Clients } from './clients.ts'
import { type DeployOptions, deployStack, type Result } from './deploy.ts'
import { leftOver, listStacks, warningOf } from './left-over.ts'
import { type Place, placesIn, placesOf } from './places.ts'
import type { Facts } from './preflight/facts.ts'
import { judge } from './preflight/judge.ts'
import { type Needs, needsOf } from './preflight/needs.ts'
import { readFacts } from './preflight/read.ts'
import type { SynthesisedStack } from './synthesis.ts'

export type AccountRequest = DeployOptions & {
  configuration: Configuration
  /** All stacks of the configuration, each after those that it needs. Called once the account is known to be right. */
  stacks(): Promise<readonly SynthesisedStack[]>
  /** Places to set up; none: all that are in the account. */
  environments: string[]
  /** Whether only the preflight is made. */
  isCheck: boolean
  now(): Date
}

/**
 * Sets the account up that the credentials lead to: looks for what would stand in the way, makes the service-linked roles that
 * are missing, and deploys the administrator's stacks. Everything is printed before it is done, and only printed unless
 * `isApplied`. Resolves to whether nothing is left to do. May be run again at any point.
 */
export const setUpAccount = async (clients: Clients, request: AccountRequest): Promise<boolean> => {
  const { configuration, print } = request
  const account = await callerOf(clients, configuration.registry.region)
  const places = placesIn(configuration, account, request.environments)
  print(`account ${account}: ${places.map(({ name }) => name).join(', ')}`)
  const here = (await request.stacks()).filter((stack) => stack.account === account)
  const ofPlaces = here.filter(
    ({ place, name }) => isIn(places, place) || name === providerStackName(configuration.project, account),
  )
  const administrators = ofPlaces.filter(({ isAdministrators }) => isAdministrators)

  const needs = needsOf(configuration, ofPlaces)
  const facts = await factsOf(clients, request, account, needs, administrators)
  const hasProviderStack = await isThere(clients, administrators, providerStackName(configuration.project, account))
  const subject = { account, region: places[0]?.region ?? '', hasProviderStack }
  const findings = judge(configuration, subject, needs, facts, reporter('before anything is made'))
  const old = await leftOver(listStacks(clients), configuration.project, places, here)
  for (const line of [...render(findings), ...warningOf(old)]) print(line)
  const missing = needs.serviceRoles.filter((service) => isMissing(facts, service))
  // Those are made by this command; nothing else that is wrong can be.
  const wrong = findings.filter(({ status, message }) => status === 'wrong' && !message.startsWith('the service-linked role'))
  if (request.isCheck) return wrong.length === 0 && missing.length === 0 && findings.every(({ status }) => status !== 'unseen')
  if (wrong.length > 0 && request.isApplied) throw new Refusal(refusalOf(wrong))

  await makeServiceRoles(clients, missing, request)
  const results: Result[] = []
  for (const stack of administrators) {
    results.push(await deployStack(clients(CloudFormation, stack.region), stack, request))
  }
  for (const line of conclusion(configuration, account, request, results)) print(line)
  return wrong.length === 0 && !results.includes('planned') && (request.isApplied || missing.length === 0)
}

const callerOf = async (clients: Clients, region: string): Promise<string> => {
  const { Account: account = '' } = await call('sts:GetCallerIdentity', () =>
    clients(STSClient, region).send(new GetCallerIdentityCommand({})),
  )
  return account
}

const isIn = (places: Place[], name: string): boolean => places.some((place) => place.name === name)

const isMissing = (facts: Facts, service: string): boolean => {
  const fact = facts.serviceRoles.get(service)
  return fact !== undefined && 'value' in fact && !fact.value
}

const factsOf = async (
  clients: Clients,
  { configuration, now }: AccountRequest,
  account: string,
  needs: Needs,
  stacks: readonly SynthesisedStack[],
): Promise<Facts> => {
  // Roles of a place whose stack is there are that stack's.
  const absent: string[] = []
  for (const { name, place, region } of stacks.filter(({ name }) => name.endsWith('-identity'))) {
    if ((await describe(clients(CloudFormation, region), name)) === undefined) absent.push(place)
  }
  const roles = identity(configuration)
    .roles.filter((role) => role.account === account && absent.includes(role.environment))
    .map(({ name }) => name)
  return readFacts(clients, needs, { project: configuration.project, roles }, now())
}

const isThere = async (clients: Clients, stacks: readonly SynthesisedStack[], name: string): Promise<boolean> => {
  const stack = stacks.find((each) => each.name === name)
  return stack !== undefined && (await describe(clients(CloudFormation, stack.region), name)) !== undefined
}

const refusalOf = (wrong: Finding[]): string =>
  `nothing was changed, because ${wrong.length === 1 ? 'something stands' : `${wrong.length} things stand`} in the way: ${wrong
    .map(({ message, mend }) => `${message} (${mend})`)
    .join('; ')}`

const makeServiceRoles = async (
  clients: Clients,
  missing: string[],
  { isApplied, print, configuration }: AccountRequest,
): Promise<void> => {
  for (const service of missing) {
    print(`+ service-linked role of ${service}${isApplied ? '' : ', to be made'}`)
    if (!isApplied) continue
    const command = new CreateServiceLinkedRoleCommand({ AWSServiceName: service })
    await call('iam:CreateServiceLinkedRole', () => clients(IAMClient, configuration.registry.region).send(command)).catch(
      (error: unknown) => {
        // Somebody, or AWS itself, was quicker.
        if (!/already exists|has been taken/.test(String(error))) throw error
      },
    )
  }
}

const conclusion = (
  configuration: Configuration,
  account: string,
  { isApplied }: AccountRequest,
  results: Result[],
): string[] => {
  const others = Map.groupBy(
    placesOf(configuration).filter((place) => place.account !== account),
    (place) => place.account,
  )
  const left = [...others].map(([number, places]) => `${number} (${places.map(({ name }) => name).join(', ')})`)
  const open = results.filter((result) => result === 'planned').length
  const changed = results.filter((result) => result === 'changed').length
  return [
    ...(isApplied
      ? [changed === 0 ? 'nothing was missing' : `${changed} of ${results.length} stacks deployed`]
      : [open === 0 ? 'nothing is missing' : `${open} of ${results.length} stacks are to be deployed: add --yes to do it`]),
    ...(left.length === 0 ? [] : [`next, unless it is done: the same with a profile of ${left.join(', of ')}`]),
    'then: npm run setup, for the repository on GitHub; npm run doctor says what is still missing',
  ]
}
