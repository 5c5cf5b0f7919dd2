import { example } from '../../lib/delivery/configuration.case.ts'
import type { Configuration } from '../../lib/delivery/configuration.ts'

/** Everything in one account: three environments of the project, its registry, and whatever else is there. */
export const oneAccount = (): Configuration => {
  const account = '222222222222'
  const given = example()
  const environments = Object.fromEntries(
    Object.entries(given.environments).map(([name, environment]) => [name, { ...environment, account }]),
  )
  Object.assign(environments['dev'] ?? {}, { domain: 'dev.example.org', zone: 'Z0123456789ABCDEFGHIJ' })
  return { ...given, registry: { account, region: 'eu-west-1' }, environments }
}

/** What a role of a service in dev asks for, whose own policy says `*` on `*`. */
export type Asked = { actions: string; on: string; context?: Record<string, string | string[]> }

const place = 'eu-west-1:222222222222'
export const iam = (resource: string): string => `arn:aws:iam::222222222222:${resource}`
export const aws = (service: string, resource: string): string => `arn:aws:${service}:${place}:${resource}`
export const tagged = (environment: string, project = 'shop') => ({
  'aws:ResourceTag/slipway:project': project,
  'aws:ResourceTag/slipway:environment': environment,
})
export const passed = (service: string) => ({ 'iam:PassedToService': `${service}.amazonaws.com` })
export const names = (...changed: string[]) => ({ 'route53:ChangeResourceRecordSetsNormalizedRecordNames': changed })
export const ZONE = 'arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ'
