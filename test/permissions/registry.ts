import { ECRClient, PutLifecyclePolicyCommand, SetRepositoryPolicyCommand } from '@aws-sdk/client-ecr'
import type { Cloud } from '../../local/cloud.ts'
import { region, registryAccount } from '../cloud-world.ts'
import type { SynthesisedRepository } from './synthesised.ts'

/** Gives the repository of a world the policies of the template: who is let in, and what expires. */
export const openRegistry = async (
  { endpoint, adminKey }: Cloud,
  { name, policy, lifecycle }: SynthesisedRepository,
): Promise<void> => {
  const ecr = new ECRClient({ endpoint, region, credentials: adminKey(registryAccount) })
  await ecr.send(new SetRepositoryPolicyCommand({ repositoryName: name, policyText: policy }))
  await ecr.send(new PutLifecyclePolicyCommand({ repositoryName: name, lifecyclePolicyText: lifecycle }))
}
