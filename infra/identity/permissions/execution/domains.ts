import type { Configuration } from '../../../../lib/delivery/configuration.ts'
import { partition } from '../../../../lib/delivery/names.ts'
import { allow, arn, type Condition, deny, type Place, type Statement } from '../policy.ts'
import { type Scope, verbs } from './scope.ts'

/** Names that a request changes, in lower case and without a dot at the end (Route 53 developer guide, "Using IAM policy conditions"). */
const CHANGED = 'route53:ChangeResourceRecordSetsNormalizedRecordNames'

const CHANGE = ['route53:ChangeResourceRecordSets']

const zoneArn = ({ region }: Place, zone: string): string => `arn:${partition(region).name}:route53:::hostedzone/${zone}`

const below = (domain: string): string[] => [domain, `*.${domain}`]

/** Names in the domain of the environment, and certificates for them. */
export const domains = ({ place, environment }: Scope, configuration: Configuration): Statement[] => {
  const { zone, domain } = configuration.environments[environment] ?? {}
  if (zone === undefined || domain === undefined) return []
  const zones = [zoneArn(place, zone)]
  const inner = innerDomains(configuration, environment, domain)
  return [
    allow('Zone', verbs('route53', 'GetHostedZone ListResourceRecordSets'), zones),
    allow('Names', CHANGE, zones, only(CHANGED, domain)),
    ...(inner.length === 0 ? [] : [deny('NamesOfOthers', CHANGE, zones, { 'ForAnyValue:StringLike': { [CHANGED]: inner } })]),
    allow('NameChanges', ['route53:GetChange'], [`arn:${partition(place.region).name}:route53:::change/*`]),
    // It has no ARN before it is made (service authorization reference).
    allow('RequestCertificates', ['acm:RequestCertificate'], ['*'], only('acm:DomainNames', domain)),
    // A certificate has an id of AWS's; other projects' and environments' are denied by their tags.
    allow(
      'Certificates',
      verbs(
        'acm',
        'DescribeCertificate DeleteCertificate UpdateCertificateOptions AddTagsToCertificate ListTagsForCertificate RemoveTagsFromCertificate',
      ),
      [arn(place, 'acm', 'certificate/*')],
    ),
  ]
}

/** Denies the names of other environments, in whichever zone of the account they are. */
export const foreignNames = (configuration: Configuration, environment: string): Statement[] => {
  const all = Object.values(configuration.environments)
  const place = configuration.environments[environment]
  if (place === undefined) return []
  const zones = new Set(all.flatMap(({ account, zone }) => (account === place.account && zone !== undefined ? [zone] : [])))
  if (zones.size === 0) return []
  const arns = [...zones].map((zone) => zoneArn(place, zone))
  const { domain } = place
  if (domain === undefined) return [deny('ForeignNames', CHANGE, arns)]
  const inner = innerDomains(configuration, environment, domain)
  return [
    deny('ForeignNames', CHANGE, arns, { 'ForAnyValue:StringNotLike': { [CHANGED]: below(domain) } }),
    ...(inner.length === 0 ? [] : [deny('NamesOfOthers', CHANGE, arns, { 'ForAnyValue:StringLike': { [CHANGED]: inner } })]),
  ]
}

/** What of the domain belongs to other environments: of `example.org` all of `dev.example.org`. */
const innerDomains = ({ environments }: Configuration, environment: string, domain: string): string[] =>
  Object.entries(environments)
    .filter(([name, other]) => name !== environment && other.domain?.endsWith(`.${domain}`))
    .flatMap(([, other]) => below(other.domain ?? ''))

/** A request without the key would pass `ForAllValues`. */
const only = (key: string, domain: string): Condition => ({
  'ForAllValues:StringLike': { [key]: below(domain) },
  Null: { [key]: 'false' },
})
