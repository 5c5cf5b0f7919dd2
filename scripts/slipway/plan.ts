import { checkout, objectsIn } from '../../actions/plan-delivery/src/checkout.ts'
import type { Decision } from '../../actions/plan-delivery/src/decision.ts'
import { ecrRegistry } from '../../actions/plan-delivery/src/ecr.ts'
import { planDelivery } from '../../actions/plan-delivery/src/plan.ts'
import type { Ports, Reader } from '../../actions/plan-delivery/src/ports.ts'
import type { Operation } from '../../actions/plan-delivery/src/request.ts'
import { ssmLedger } from '../../actions/plan-delivery/src/ssm.ts'
import type { Session } from '../../lib/aws/session.ts'
import type { Configuration } from '../../lib/delivery/configuration.ts'
import { REGISTRY, roleArn, roleName } from '../../lib/delivery/names.ts'
import { systemClock } from '../../lib/runner/clock.ts'
import type { Profiles, WritingCommand } from './arguments.ts'
import { openPlace } from './sessions.ts'

const OPERATIONS: Record<WritingCommand['verb'], Operation> = {
  deploy: 'deliver',
  promote: 'promote',
  rollback: 'rollback',
  hold: 'hold',
  resume: 'resume',
}

/** What `release` means where none was named. */
const RELEASES: Partial<Record<WritingCommand['verb'], string>> = { promote: 'latest', rollback: 'previous' }

/** The plan that a workflow would make on this commit of the environment's branch; GitHub is not asked. */
export const planByHand = (
  { verb, environment, release, reason, config, profiles }: WritingCommand,
  configuration: Configuration,
  branch: string,
  commit: string,
): Promise<Decision> =>
  planDelivery(
    {
      operation: OPERATIONS[verb],
      event: 'workflow_dispatch',
      ref: `refs/heads/${branch}`,
      commit,
      config,
      environment,
      release: release ?? RELEASES[verb],
      reason,
      runId: '',
      imagesAlone: true,
      pull: undefined,
    },
    ports(configuration, profiles, commit),
  )

const ports = (configuration: Configuration, profiles: Profiles, commit: string): Ports => {
  const open = (reader: Reader): Promise<Session> => openPlace({ ...reader, name: placeName(configuration, reader) }, profiles)
  return {
    source: checkout(process.cwd(), commit),
    objectsAt: (other, paths) => objectsIn(process.cwd(), other, paths),
    openRegistry: async (reader) => ecrRegistry(await open(reader)),
    openLedger: async (reader) => ssmLedger(await open(reader)),
    now: systemClock.now,
  }
}

/** Which environment a reader is for follows from its role; with profiles the role itself is not used. */
const placeName = ({ project, environments }: Configuration, { role }: Reader): string =>
  Object.entries(environments).find(([name, place]) => role === roleArn(place, roleName(project, name, 'read')))?.[0] ?? REGISTRY
