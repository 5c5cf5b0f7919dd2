import { DescribeServiceRevisionsCommand, type Service } from '@aws-sdk/client-ecs'
import { Refusal } from '../../../../../lib/refusal.ts'
import type { Running, Wanted } from '../../target.ts'
import { describeService, earlierDeployments, type Place } from './observe.ts'
import { digestsOfTasks } from './prove.ts'
import { describeTaskDefinition } from './raw.ts'
import { assignImages, familyOf, imagesOf, type TaskDefinition } from './revision.ts'

/** Everything that a deployment starts from, in two rounds of calls. */
export type Reading = {
  service: Service
  /** What the service is asked to run: the base of the next revision. */
  current: TaskDefinition
  /** The newest revision of the family, which a killed run may have left behind. */
  newest: TaskDefinition
  /** Container to wanted image. */
  images: Record<string, string>
  running: Running
}

export const readService = async (place: Place, wanted: readonly Wanted[]): Promise<Reading> => {
  const service = await describeService(place)
  refuseUnsupported(service)
  const revision = service.taskDefinition ?? ''
  const [current, newest, revisionDigests] = await Promise.all([
    describeTaskDefinition(place.ecs, revision),
    describeTaskDefinition(place.ecs, familyOf(revision)),
    digestsOfRevision(place, service),
  ])
  const images = assignImages(current, wanted)
  const asked = { ...imagesOf(current), ...images }
  const isWanted = Object.entries(imagesOf(current)).every(([name, image]) => asked[name] === image)
  const serving = await servingDefinition(place, service, current)
  return { service, current, newest, images, running: await runningOf(place, service, serving, isWanted, revisionDigests) }
}

/** The revision that was proven last: that of the completed deployment, where a newer one is still under way. */
const servingDefinition = async (place: Place, service: Service, current: TaskDefinition): Promise<TaskDefinition> => {
  const completed = service.deployments?.find(({ rolloutState }) => rolloutState === 'COMPLETED')?.taskDefinition
  if (completed === undefined || completed === current.taskDefinitionArn) return current
  return describeTaskDefinition(place.ecs, completed)
}

const runningOf = async (
  place: Place,
  service: Service,
  serving: TaskDefinition,
  isWanted: boolean,
  revisionDigests: Record<string, string>,
): Promise<Running> => {
  const deployments = service.deployments ?? []
  const neverCompleted = hasNeverCompleted(service)
  const primary = deployments.find(({ status }) => status === 'PRIMARY')
  const isUnderWay = primary?.rolloutState === 'IN_PROGRESS' && (service.desiredCount ?? 0) > 0
  const images = imagesOf(serving)
  const pinned = pinnedDigests(images)
  const known = Object.keys(pinned).length === Object.keys(images).length ? pinned : { ...revisionDigests, ...pinned }
  const count = service.desiredCount ?? 0
  return {
    revision: serving.taskDefinitionArn ?? '',
    images,
    digests: Object.keys(known).length > 0 || count === 0 ? known : await digestsOfTasks(place),
    deployments: [...deployments.map(({ id = '' }) => id), ...(neverCompleted ? await earlierDeployments(place) : [])],
    count,
    ...(neverCompleted && isBelowHealthy(service) && { firstStart: true as const }),
    ...(isUnderWay && { inProgress: { id: primary.id ?? '', wanted: isWanted } }),
    ...platformOf(serving),
    settled: isWanted && !isUnderWay && primary?.rolloutState !== 'FAILED' && count > 0,
  }
}

/** Tasks are asked for, and none of the deployments that ECS lists has ever completed. Behind a Classic Load Balancer they have no state. */
const hasNeverCompleted = ({ desiredCount = 0, deployments = [] }: Service): boolean =>
  desiredCount > 0 &&
  deployments.length > 0 &&
  deployments.every(({ rolloutState }) => rolloutState === 'IN_PROGRESS' || rolloutState === 'FAILED')

/**
 * With as many tasks up as must be healthy, a deployment lets go of those before it, and some seconds pass until it completes:
 * then no other is listed although one ran. With fewer there cannot have been any.
 */
const isBelowHealthy = ({ desiredCount = 0, deployments = [], deploymentConfiguration }: Service): boolean => {
  const running = deployments.reduce((sum, { runningCount = 0 }) => sum + runningCount, 0)
  return running < Math.ceil((desiredCount * (deploymentConfiguration?.minimumHealthyPercent ?? 100)) / 100)
}

const ARCHITECTURES: Record<string, string> = { X86_64: 'amd64', ARM64: 'arm64' }

/** Fargate runs Linux on X86_64 unless the task definition says otherwise; EC2 capacity may be anything. */
const platformOf = ({ runtimePlatform, requiresCompatibilities }: TaskDefinition): Pick<Running, 'platform'> => {
  const { operatingSystemFamily: family, cpuArchitecture } = (runtimePlatform ?? {}) as Record<string, string>
  const isFargate = Array.isArray(requiresCompatibilities) && requiresCompatibilities.includes('FARGATE')
  const architecture = ARCHITECTURES[cpuArchitecture ?? (isFargate ? 'X86_64' : '')]
  if (architecture === undefined) return {}
  return { platform: { os: family?.startsWith('WINDOWS') ? 'windows' : 'linux', architecture } }
}

const pinnedDigests = (images: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(images).flatMap(([name, image]) => {
      const digest = image.split('@')[1]
      return digest === undefined ? [] : [[name, digest]]
    }),
  )

/** ECS resolves tags once for a service revision. Revisions of before 2024-10-25 cannot be described. */
const digestsOfRevision = async (place: Place, service: Service): Promise<Record<string, string>> => {
  const arns = (service.currentServiceRevisions ?? []).flatMap(({ arn }) => (arn ? [arn] : []))
  if (arns.length !== 1) return {}
  try {
    const { serviceRevisions = [] } = await place.ecs.send(new DescribeServiceRevisionsCommand({ serviceRevisionArns: arns }))
    const known = (serviceRevisions[0]?.containerImages ?? []).flatMap(({ containerName, imageDigest }) =>
      containerName && imageDigest ? [[containerName, imageDigest]] : [],
    )
    return Object.fromEntries(known)
  } catch {
    return {}
  }
}

const refuseUnsupported = ({ serviceName, deploymentController, schedulingStrategy }: Service): void => {
  const controller = deploymentController?.type ?? 'ECS'
  if (controller !== 'ECS') {
    throw new Refusal(
      `the service '${serviceName}' is deployed by ${controller}; this action deploys services whose deployment controller is ECS`,
    )
  }
  if (schedulingStrategy === 'DAEMON') {
    throw new Refusal(`the service '${serviceName}' is a daemon service; this action deploys replica services`)
  }
}
