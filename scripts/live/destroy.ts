import { CloudFormation } from '@aws-sdk/client-cloudformation'
import { ECR } from '@aws-sdk/client-ecr'
import { IAM } from '@aws-sdk/client-iam'
import { DeleteParametersCommand, GetParametersByPathCommand, SSMClient } from '@aws-sdk/client-ssm'
import { call, isNamed } from '../../lib/aws/errors.ts'
import type { Configuration } from '../../lib/delivery/configuration.ts'
import { ISSUER } from '../../lib/delivery/identity.ts'
import { oidcProviderArn, providerStackName, repositoryName } from '../../lib/delivery/names.ts'
import { describe } from '../account/change-set.ts'
import { removeStack } from '../account/deploy.ts'
import type { SynthesisedStack } from '../account/synthesis.ts'
import type { Place } from './place.ts'

/** Deletes what a run has made, the stacks first and then what outlives them. May be run again. Rejects where anything stays. */
export const destroy = async (
  place: Place,
  configuration: Configuration,
  stacks: readonly SynthesisedStack[],
  print: (line: string) => void,
): Promise<void> => {
  const { clients, region, poll } = place
  const cloudFormation = clients(CloudFormation, region)
  const provider = providerStackName(configuration.project, place.account)
  const madeProvider = (await describe(cloudFormation, provider).catch(() => undefined)) !== undefined
  for (const stack of order(stacks)) {
    print(`- stack ${stack.name}`)
    // Budgets may be in another region than the rest.
    await removeStack(clients(CloudFormation, stack.region), stack.name, { isApplied: true, print, poll })
  }
  for (const image of Object.keys(configuration.images)) {
    const name = repositoryName(configuration.project, image)
    print(`- repository ${name} with its images`)
    await call('ecr:DeleteRepository', () => clients(ECR, region).deleteRepository({ repositoryName: name, force: true })).catch(
      unlessMissing,
    )
  }
  await removeParameters(clients(SSMClient, region), configuration.project, print)
  if (madeProvider) {
    print("- GitHub's OIDC provider")
    const OpenIDConnectProviderArn = oidcProviderArn(place, ISSUER)
    await call('iam:DeleteOpenIDConnectProvider', () =>
      clients(IAM, region).deleteOpenIDConnectProvider({ OpenIDConnectProviderArn }),
    ).catch(unlessMissing)
  }
  print('what stays costs nothing: the service-linked roles, and revisions of task definitions')
}

/** Those of the services first, identity and provider last: CloudFormation works with a role of the identity stack. */
const order = (stacks: readonly SynthesisedStack[]): SynthesisedStack[] => {
  const rank = ({ name, isAdministrators }: SynthesisedStack): number => {
    if (isAdministrators) return name.includes('-oidc-') ? 5 : 4
    if (name.endsWith('-network')) return 3
    return name.endsWith('-cluster') ? 2 : 1
  }
  return stacks.toSorted((one, other) => rank(one) - rank(other))
}

/** Records and outputs; Systems Manager lists ten at a time and deletes as many. */
const removeParameters = async (ssm: SSMClient, project: string, print: (line: string) => void): Promise<void> => {
  for (;;) {
    const { Parameters = [] } = await call('ssm:GetParametersByPath', () =>
      ssm.send(new GetParametersByPathCommand({ Path: `/${project}`, Recursive: true, MaxResults: 10 })),
    )
    const Names = Parameters.flatMap(({ Name }) => Name ?? [])
    if (Names.length === 0) return
    print(`- parameters ${Names.join(', ')}`)
    await call('ssm:DeleteParameters', () => ssm.send(new DeleteParametersCommand({ Names })))
  }
}

const unlessMissing = (error: unknown): void => {
  if (!isNamed(error, 'RepositoryNotFoundException', 'NoSuchEntityException', 'NoSuchEntity')) throw error
}
