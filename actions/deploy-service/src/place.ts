import type { PlannedImage, PlannedService } from '../../../lib/delivery/plan.ts'
import { Refusal } from '../../../lib/refusal.ts'

type EcsPlace = {
  kind: 'ecs'
  cluster: string
  service: string
  /** CloudWatch alarms that are to roll the deployment back; without them the service keeps what it has. */
  alarms?: readonly string[]
}

/** What a version is asked before it gets traffic; `version`: the content tag that `/version` is to answer with. */
export type Invocation = { version: string } | { event: Record<string, unknown> }

export type LambdaPlace = {
  kind: 'lambda'
  functions: readonly { name: string; command?: readonly string[]; smoke?: Invocation }[]
  alias: string
  /** Shares of the traffic in percent, each for so many milliseconds; then all of it. */
  traffic?: readonly { percent: number; for: number }[]
  alarms?: readonly string[]
}

export type Ec2Place = {
  kind: 'ec2'
  tag: { key: string; value: string }
  document: string
  /** How the hosts call the service. */
  service: string
  /** Hosts side by side after the first one. */
  batch?: number
  /** The content tag that `/version` of a host is to answer with, where it is known. */
  version?: string
  /** Leave out hosts that Systems Manager cannot reach; without it they are a reason to refuse. */
  offline?: 'skip'
}

/** Where a service is found. Plain data: a post step gets it back as JSON. */
export type Place = EcsPlace | LambdaPlace | Ec2Place

/** What a single service is called on the screen. */
export const nameOf = (place: Place): string =>
  place.kind === 'lambda' ? place.functions.map(({ name }) => name).join(', ') : place.service

/** Refuses steps of the traffic that cannot be over within the time of a deployment, before anything is changed. */
export const requireTime = (place: Place, timeout: number): void => {
  if (place.kind !== 'lambda') return
  const steps = (place.traffic ?? []).reduce((sum, step) => sum + step.for, 0)
  if (steps < timeout) return
  throw new Refusal(
    `the steps of the traffic of '${nameOf(place)}' last ${steps / 1000} s, and a deployment may take ${timeout / 1000} s; nothing was changed. Raise 'timeout', or shorten the steps`,
  )
}

/** Without a tag nobody is asked for their version: of a digest alone it is not known. */
export const placeOf = (service: PlannedService, { tag }: Partial<Pick<PlannedImage, 'tag'>>): Place => {
  switch (service.target) {
    case 'ecs':
      return {
        kind: 'ecs',
        cluster: service.cluster,
        service: service.service,
        ...(service.alarms && { alarms: service.alarms }),
      }
    case 'lambda':
      return {
        kind: 'lambda',
        alias: service.alias,
        functions: service.functions.map(({ name, command, smoke }) => ({
          name,
          ...(command && { command }),
          ...smokeOf(smoke, tag),
        })),
        ...(service.traffic && { traffic: service.traffic }),
        ...(service.alarms && { alarms: service.alarms }),
      }
    case 'ec2':
      return {
        kind: 'ec2',
        tag: service.tag,
        document: service.document,
        service: service.service,
        ...(tag !== undefined && { version: tag }),
        ...(service.batch !== undefined && { batch: service.batch }),
      }
  }
}

const smokeOf = (smoke: 'version' | Record<string, unknown> | undefined, tag: string | undefined): { smoke?: Invocation } => {
  if (smoke === 'version') return tag === undefined ? {} : { smoke: { version: tag } }
  return smoke === undefined ? {} : { smoke: { event: smoke } }
}
