import { hostDocument } from '../../lib/host/document.ts'
import type { Provisioner } from '../../local/aws/cloudformation/provisioner.ts'
import type { HostServices } from '../../local/aws/ssm/host-services.ts'
import type { ScriptedHost } from '../../local/aws/ssm/scripted-hosts.ts'
import { account, region, registryAccount } from '../cloud-world.ts'

const HOSTS = ['i-0000000a', 'i-0000000b']

/** The document that the small templates leave out. */
export const handMade = {
  account,
  region,
  name: 'shop-dev-deploy',
  content: hostDocument(`${registryAccount}.dkr.ecr.${region}.amazonaws.com`),
}

/** A group of hosts that start what is recorded for their service when they come up. */
export const hostGroup = (
  fleet: HostServices['fleet'],
  hosts: Record<string, ScriptedHost>,
  recorded: () => Promise<string>,
): Provisioner => ({
  replaces: () => false,
  create: async ({ AutoScalingGroupName: name, Tags = [] }) => {
    const given = (Tags as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value])
    const tags = { 'slipway:service': String(name), ...Object.fromEntries(given) }
    for (const instanceId of HOSTS) {
      const image = await recorded()
      hosts[instanceId] = image === '' ? {} : { active: { release: 'boot', image } }
      fleet.add({ account, region, instanceId, tags })
    }
    return { physicalId: String(name), attributes: {} }
  },
  update: async (made) => made,
  remove: async () => {},
})
