import type { Configuration } from '../../../lib/delivery/configuration.ts'
import { ISSUER } from '../../../lib/delivery/identity.ts'
import { oidcProviderArn } from '../../../lib/delivery/names.ts'
import { type Finding, type Report, whenSeen } from '../../doctor/finding.ts'
import type { Seen } from '../../setup/observed.ts'
import { type Facts, limitKey } from './facts.ts'
import { LIMITS } from './limits.ts'
import type { LimitNeed, Needs } from './needs.ts'

/** The account that is looked at, and whether a stack of ours made GitHub's provider there. */
export type Subject = { account: string; region: string; hasProviderStack: boolean }

/** What stands in the way of the project in this account, and how it is removed. */
export const judge = (
  configuration: Configuration,
  { account, region, hasProviderStack }: Subject,
  needs: Needs,
  facts: Facts,
  report: Report,
): Finding[] => [
  ...needs.regions.flatMap((name) =>
    whenSeen(of(facts.regions, name), `whether the region ${name} is on`, report, (state) => [
      state === 'not-opted-in'
        ? report('wrong', `the region ${name} is not on in this account`, `aws account enable-region --region-name ${name}`)
        : report('ok', `the region ${name} is on`),
    ]),
  ),
  ...provider(configuration, { account, region, hasProviderStack }, facts, report),
  ...whenSeen(facts.strangers, 'which roles there are', report, (names) =>
    names.map((name) =>
      report(
        'wrong',
        `the role ${name} exists and belongs to no stack, so CloudFormation cannot make it`,
        `remove its policies and then: aws iam delete-role --role-name ${name}`,
      ),
    ),
  ),
  ...needs.serviceRoles.flatMap((service) =>
    whenSeen(of(facts.serviceRoles, service), `the service-linked role of ${service}`, report, (isThere) => [
      isThere
        ? report('ok', `the service-linked role of ${service} is there`)
        : report('wrong', `the service-linked role of ${service} is missing`, createServiceRole(service)),
    ]),
  ),
  ...needs.limits.flatMap((need) => limit(need, facts, report)),
  ...whenSeen(facts.costExplorer, 'Cost Explorer', report, (isOn) => [
    isOn
      ? report('ok', 'Cost Explorer is on')
      : report('weak', 'Cost Explorer has never been opened in this account: reports show budgets only', COST_EXPLORER),
  ]),
]

/** Made by the command itself, unless it is asked to check only. */
const createServiceRole = (service: string): string => `aws iam create-service-linked-role --aws-service-name ${service}`

const COST_EXPLORER = 'open https://console.aws.amazon.com/costmanagement once; the figures are there a day later'

const of = <T>(facts: Map<string, Seen<T>>, key: string): Seen<T> => facts.get(key) ?? { unseen: 'it was not asked' }

const provider = (configuration: Configuration, subject: Subject, facts: Facts, report: Report): Finding[] => {
  const { account, hasProviderStack } = subject
  const arn = oidcProviderArn(subject, ISSUER)
  const isNamed = configuration.identity?.existingProvider?.includes(account) ?? false
  const key = `"identity": { "existingProvider": ["${account}"] }`
  return whenSeen(facts.providers, 'which OIDC providers there are', report, (arns) => {
    const isThere = arns.includes(arn)
    if (isThere && (isNamed || hasProviderStack)) return [report('ok', "GitHub's OIDC provider is there")]
    if (isThere) {
      const message = "the account has GitHub's OIDC provider already, of which there can be only one"
      return [report('wrong', message, `add ${key} to delivery.json`)]
    }
    if (!isNamed) return [report('ok', "GitHub's OIDC provider is made with the first stack")]
    return [report('wrong', `delivery.json says ${key}, and there is none`, `remove ${account} from existingProvider`)]
  })
}

/** Executions at a time that AWS gives an account at first, instead of 1,000. */
const NEW_ACCOUNT = 10

const limit = ({ name, region, amount, why }: LimitNeed, facts: Facts, report: Report): Finding[] => {
  const { service, code, words } = LIMITS[name]
  return whenSeen(of(facts.limits, limitKey(region, name)), `the quota of ${words} in ${region}`, report, ({ value, taken }) => {
    const counted = `${words} in ${region}: ${amount} needed (${why}), ${value - taken} of ${value} free`
    if (name === 'concurrency' && value <= NEW_ACCOUNT && amount <= value) {
      return [report('weak', `${counted}: as new accounts have it; more of AWS's own accord after some use, or on request`)]
    }
    if (taken + amount <= value) return [report('ok', counted)]
    const ask = `aws service-quotas request-service-quota-increase --region ${region} --service-code ${service} --quota-code ${code} --desired-value ${taken + amount}`
    return [report('wrong', counted, ask)]
  })
}
