import type { Listener } from '../../listen.ts'
import type { Time } from '../../time.ts'
import type { Credentials } from '../credentials.ts'
import { createFleet, type Fleet } from '../ec2/fleet.ts'
import { startInstanceMetadata } from '../ec2/instance-metadata.ts'
import { ec2Service } from '../ec2/service.ts'
import type { Service } from '../service.ts'
import { type CommandPace, createCommands, usualPace } from './commands.ts'
import { documentOperations } from './document-operations.ts'
import { createDocuments, type Documents, type GivenDocument } from './documents.ts'
import type { HostExecutor } from './executor.ts'
import { instanceInformation } from './instance-information.ts'
import { runCommandOperations } from './run-command.ts'

type HostDependencies = {
  time: Time
  instances: Parameters<typeof createFleet>[0]
  documents: GivenDocument[]
  executor: HostExecutor
  /** Delays other than the usual ones. */
  pace?: Partial<CommandPace>
}

export type HostServices = {
  /** EC2, and Systems Manager's part in instances and commands, to be served beside the cloud's own services. */
  services: Service[]
  /** The instances; they may be added to and changed at any time. */
  fleet: Fleet
  documents: Documents
  /** Where the metadata service of an instance answers, `http://127.0.0.1:PORT`; it gives the keys of the instance's role. */
  metadata(instanceId: string, issueKey: Credentials['issue']): Promise<string>
  /** Kills every script that a command runs and closes the metadata services; resolves when none is left. */
  stopAll(): Promise<void>
}

/** EC2 instances, their documents and Run Command, on hosts of the given kind. */
export const hostServices = ({ time, instances, documents: given, executor, pace }: HostDependencies): HostServices => {
  const now = () => time.now()
  const fleet = createFleet(instances, now)
  const documents = createDocuments(given, now)
  const commands = createCommands({ time, fleet, executor, pace: { ...usualPace, ...pace } })
  const operations = {
    ...documentOperations(documents),
    ...instanceInformation(fleet, now),
    ...runCommandOperations(fleet, documents, commands),
  }
  const metadata = new Map<string, Promise<Listener>>()
  return {
    services: [ec2Service(fleet), { name: 'ssm', operations }],
    fleet,
    documents,
    async metadata(instanceId, issueKey) {
      const started = metadata.get(instanceId) ?? startInstanceMetadata(() => fleet.find(instanceId), issueKey)
      metadata.set(instanceId, started)
      return (await started).url
    },
    async stopAll() {
      await commands.stopAll()
      for (const started of metadata.values()) await (await started).close()
    },
  }
}
