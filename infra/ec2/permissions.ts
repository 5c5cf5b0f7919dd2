import type { Ec2Service } from '../../lib/delivery/hosts.ts'
import { repositoryName, serviceNames } from '../../lib/delivery/names.ts'
import { recordNames } from '../../lib/delivery/records.ts'
import { allow, arn, type PolicyDocument, policy } from '../identity/permissions/policy.ts'
import { givenStatements, secretStatements } from '../permissions-of-service.ts'
import type { PlaceStack } from '../stack.ts'

type Hosts = {
  name: string
  service: Ec2Service
  /** Name of the SSM document from which the program of the hosts comes. */
  document: string
  /** ARN of the address that belongs to the service. */
  address?: string
  /** Tag by which the hosts are told from others. */
  tag: { key: string; value: string }
}

/** SSM path whose parameters are variables of the service. */
export const variablesPath = (project: string, environment: string, service: string): string =>
  `/${project}/${environment}/${service}/env`

/**
 * What a host may do: be reached by Systems Manager, fetch its program, the recorded image and the variables, write logs, and
 * take the address of the service. AmazonSSMManagedInstanceCore would also let it read every parameter of the account.
 */
export const hostPermissions = (stack: PlaceStack, { name, service, document, address, tag }: Hosts): PolicyDocument => {
  const { project, registry } = stack.configuration
  const { logGroup } = serviceNames(project, stack.place, name)
  const variables = variablesPath(project, stack.place, name)
  const ssm = (resource: string): string => arn(stack, 'ssm', resource)
  return policy(
    allow(
      'SystemsManager',
      [
        ...['ssm:UpdateInstanceInformation', 'ssm:ListAssociations', 'ssm:ListInstanceAssociations'],
        ...['CreateControlChannel', 'CreateDataChannel', 'OpenControlChannel', 'OpenDataChannel'].map(
          (action) => `ssmmessages:${action}`,
        ),
      ],
      ['*'],
    ),
    allow('HostProgram', ['ssm:GetDocument'], [ssm(`document/${document}`)]),
    allow('RecordedImage', ['ssm:GetParameter'], [ssm(`parameter${recordNames(project, stack.place).image(name)}`)]),
    allow('Variables', ['ssm:GetParametersByPath'], [ssm(`parameter${variables}`), ssm(`parameter${variables}/*`)]),
    allow('HostRegistryToken', ['ecr:GetAuthorizationToken'], ['*']),
    allow(
      'PullImage',
      ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      [arn(registry, 'ecr', `repository/${repositoryName(project, service.image)}`)],
    ),
    allow('HostLogs', ['logs:CreateLogStream', 'logs:PutLogEvents'], [arn(stack, 'logs', `log-group:${logGroup}:*`)]),
    ...(address === undefined
      ? []
      : [
          allow('TakeAddress', ['ec2:AssociateAddress'], [address]),
          allow(
            'AddressOfHosts',
            ['ec2:AssociateAddress'],
            [arn(stack, 'ec2', 'instance/*'), arn(stack, 'ec2', 'network-interface/*')],
            { StringEquals: { [`aws:ResourceTag/${tag.key}`]: tag.value } },
          ),
        ]),
    ...secretStatements(stack, project, stack.place, name, service),
    ...givenStatements(service.permissions),
  )
}
