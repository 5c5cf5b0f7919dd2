import type { Configuration } from '../../../lib/delivery/configuration.ts'
import { ec2Place, serviceIn } from '../../../lib/delivery/services.ts'
import { allow, arn, type Place, type Statement } from './policy.ts'

/** Two statements for one call, because the document does not carry the tag of the hosts. */
export const deployToEc2 = ({ project, services }: Configuration, environment: string, place: Place): Statement[] => {
  const found = Object.values(services).flatMap((declared) => {
    const service = serviceIn(declared, environment)
    // The hosts of every service of the environment, also of one that is added later.
    return service.target === 'ec2' ? [ec2Place(project, environment, '*', service)] : []
  })
  if (found.length === 0) return []
  const documents = new Set(found.map(({ document }) => arn(place, 'ssm', `document/${document}`)))
  const keys = Map.groupBy(found, ({ tag }) => tag.key)
  return [
    allow('Ec2Document', ['ssm:SendCommand'], [...documents]),
    ...[...keys].map(([key, hosts], index) =>
      allow(`Ec2Hosts${index === 0 ? '' : index}`, ['ssm:SendCommand'], [arn(place, 'ec2', 'instance/*')], {
        StringLike: { [`ssm:resourceTag/${key}`]: [...new Set(hosts.map(({ tag }) => tag.value))] },
      }),
    ),
    allow('Ec2ReadDocument', ['ssm:DescribeDocument', 'ssm:GetDocument'], [...documents]),
    // AWS knows no narrower resource for these.
    allow(
      'Ec2Read',
      [
        'ec2:DescribeInstances',
        'ssm:CancelCommand',
        'ssm:DescribeInstanceInformation',
        'ssm:GetCommandInvocation',
        'ssm:ListCommandInvocations',
        'ssm:ListCommands',
      ],
      ['*'],
    ),
  ]
}
