import type { InstanceStateName } from '@aws-sdk/client-ec2'
import type { PingStatus } from '@aws-sdk/client-ssm'

/** An instance as EC2 and Systems Manager know it. */
export type Instance = {
  account: string
  region: string
  instanceId: string
  tags: Record<string, string>
  state: InstanceStateName
  /** Undefined for one whose agent has never registered with Systems Manager. */
  pingStatus: PingStatus | undefined
  agentVersion: string
  platform: 'Linux' | 'Windows'
  architecture: 'x86_64' | 'arm64'
  /** Name of the role of its instance profile. */
  role: string | undefined
  launchedAt: Date
}

type Given = Pick<Instance, 'account' | 'region' | 'instanceId'> & Partial<Instance>

const complete = (given: Given, launchedAt: Date): Instance => ({
  tags: {},
  state: 'running',
  pingStatus: 'Online',
  agentVersion: '3.3.3572.0',
  platform: 'Linux',
  architecture: 'x86_64',
  role: 'instance',
  launchedAt,
  ...given,
})

/** The instances of all accounts; what is not given is that of a Linux instance in good order. They may change at any time. */
export const createFleet = (given: Given[], now: () => Date) => {
  const instances = new Map<string, Instance>()
  const changed = new Set<() => void>()
  const tell = (): void => {
    for (const look of [...changed]) look()
  }
  const add = (instance: Given): void => {
    instances.set(instance.instanceId, complete(instance, now()))
    tell()
  }
  for (const instance of given) add(instance)

  return {
    add,
    change(instanceId: string, changes: Partial<Instance>): void {
      const instance = instances.get(instanceId)
      if (instance === undefined) throw new Error(`no instance ${instanceId} in the scenario, only ${[...instances.keys()]}`)
      instances.set(instanceId, { ...instance, ...changes })
      tell()
    },
    find: (instanceId: string): Instance | undefined => instances.get(instanceId),
    in: (account: string, region: string): Instance[] =>
      [...instances.values()].filter((each) => each.account === account && each.region === region),
    /** Resolves once the instance is as wanted; rejects with the signal's reason. */
    until: (instanceId: string, wanted: (instance: Instance | undefined) => boolean, signal: AbortSignal): Promise<void> =>
      new Promise((resolve, reject) => {
        const settle = (): void => {
          if (!signal.aborted && !wanted(instances.get(instanceId))) return
          changed.delete(settle)
          signal.removeEventListener('abort', settle)
          if (signal.aborted) reject(signal.reason)
          else resolve()
        }
        changed.add(settle)
        signal.addEventListener('abort', settle)
        settle()
      }),
  }
}

export type Fleet = ReturnType<typeof createFleet>

/** Whether an agent on the instance takes commands and answers. */
export const isReachable = (instance: Instance | undefined): boolean =>
  instance?.state === 'running' && instance.pingStatus === 'Online'
