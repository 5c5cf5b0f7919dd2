import { type Service, UpdateServiceCommand } from '@aws-sdk/client-ecs'
import { call, isNamed, isPassing, isThrottled } from '../../../../../lib/aws/errors.ts'
import { NotStarted, refuseLateStart } from '../../not-started.ts'
import type { StartLimits, TargetTools } from '../../target.ts'
import { describeService, type Place } from './observe.ts'
import { describeTaskDefinition, registerTaskDefinition } from './raw.ts'
import { sameDefinition, type TaskDefinition, withImages } from './revision.ts'

const ATTEMPTS = 5

/**
 * The revision that holds these images: the service's own, or the family's newest where a killed run left exactly it,
 * or a new one. RegisterTaskDefinition takes no token, so a lost answer is looked for among what is registered.
 */
export const ensureRevision = async (
  { ecs, once }: Place,
  { clock, log }: TargetTools,
  current: TaskDefinition,
  newest: TaskDefinition,
  images: Record<string, string>,
): Promise<string> => {
  const wanted = withImages(current, images)
  if (sameDefinition(wanted, current)) return current.taskDefinitionArn ?? ''
  if (sameDefinition(wanted, newest)) return newest.taskDefinitionArn ?? ''
  for (let attempt = 1; ; attempt += 1) {
    try {
      const revision = await call('ecs:RegisterTaskDefinition', () => registerTaskDefinition(once, wanted))
      log.info(`  registered ${revision.split('/').at(-1)}`)
      return revision
    } catch (error) {
      if (attempt === ATTEMPTS || isNamed(error, 'AccessDeniedException')) throw error
      const found = await describeTaskDefinition(ecs, current.family)
      if (sameDefinition(wanted, found)) return found.taskDefinitionArn ?? ''
      // "Too many concurrent attempts to create a new revision" is a ClientException, which SDKs do not retry.
      if (isNamed(error, 'ClientException') && !/concurrent attempts/.test((error as Error).message)) throw error
      await clock.sleep(attempt * 500)
    }
  }
}

type Update = { revision: string; count: number | undefined; force: boolean; alarms?: readonly string[] }

/** The service's own configuration with these alarms; nothing where it has them already. */
const withAlarms = ({ deploymentConfiguration: own }: Service, alarmNames: readonly string[]) => {
  const { enable = false, rollback = false, alarmNames: before = [] } = own?.alarms ?? {}
  const same = before.length === alarmNames.length && alarmNames.every((name) => before.includes(name))
  if (same && (alarmNames.length === 0 || (enable && rollback))) return {}
  const wanted = alarmNames.length > 0
  return { deploymentConfiguration: { ...own, alarms: { alarmNames: [...alarmNames], enable: wanted, rollback: wanted } } }
}

/**
 * Starts a deployment and resolves to the service as it is then. The API takes no token: where an answer got lost the
 * service tells whether the update was applied. If it was not, it is sent again, as an update to the revision that is set
 * already starts nothing; one that is forced would, and is not repeated. Rejects with `NotStarted` where AWS said no,
 * and where `limits` say that nothing may be started any more before AWS can have applied it.
 */
export const updateService = async (
  place: Place,
  { clock, log }: TargetTools,
  before: Service,
  update: Update,
  limits?: StartLimits,
): Promise<Service> => {
  const command = new UpdateServiceCommand({
    cluster: place.cluster,
    service: place.service,
    taskDefinition: update.revision,
    ...(update.count !== undefined && { desiredCount: update.count }),
    ...(update.force && { forceNewDeployment: true }),
    ...(update.alarms && withAlarms(before, update.alarms)),
  })
  let mayBeApplied = false
  command.middlewareStack.add(
    (next) => async (args) => {
      // What may have been started already is not left unseen: it is started for certain, and then stopped and followed back.
      if (limits && !mayBeApplied) refuseLateStart(limits, { clock })
      return next(args)
    },
    // In this step it runs again for each attempt to repeat a call that was throttled.
    { step: 'build', name: 'askBeforeStarting' },
  )
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { service } = await call('ecs:UpdateService', () => place.once.send(command))
      return service ?? (await describeService(place))
    } catch (error) {
      const { cause } = error as Error
      if (cause instanceof NotStarted) throw cause
      if (!isPassing(error)) throw new NotStarted((error as Error).message, { cause: error })
      mayBeApplied ||= !isThrottled(error)
      const after = isThrottled(error) ? undefined : await describeService(place).catch(() => undefined)
      if (after && after.taskDefinition === update.revision && primaryOf(after) !== primaryOf(before)) return after
      if (attempt === ATTEMPTS || (update.force && !isThrottled(error))) throw error
      log.info(`  ${(error as Error).message}; sending it again`)
      await clock.sleep(attempt * 500)
    }
  }
}

export const primaryOf = (service: Service): string => service.deployments?.find(({ status }) => status === 'PRIMARY')?.id ?? ''
