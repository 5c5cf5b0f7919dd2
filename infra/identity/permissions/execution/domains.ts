import { partition } from '../../../../lib/delivery/names.ts'
import { allow, arn, type Statement } from '../policy.ts'
import { type Scope, verbs } from './scope.ts'

/** Names in the hosted zone of the environment, and certificates for them. */
export const domains = ({ place }: Scope, zone: string): Statement[] => {
  const route53 = (resource: string): string => `arn:${partition(place.region).name}:route53:::${resource}`
  return [
    allow('Names', verbs('route53', 'ChangeResourceRecordSets GetHostedZone ListResourceRecordSets'), [
      route53(`hostedzone/${zone}`),
    ]),
    allow('NameChanges', ['route53:GetChange'], [route53('change/*')]),
    // A certificate has an id of AWS's; other projects' and environments' are denied by their tags.
    allow(
      'Certificates',
      verbs(
        'acm',
        'RequestCertificate DescribeCertificate DeleteCertificate UpdateCertificateOptions AddTagsToCertificate ListTagsForCertificate RemoveTagsFromCertificate',
      ),
      [arn(place, 'acm', 'certificate/*')],
    ),
  ]
}
