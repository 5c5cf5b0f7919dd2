import { randomBytes } from 'node:crypto'
import { AwsError, type Call } from '../service.ts'
import type { Cluster, Region, RevisionSettings, Service, TaskDefinition } from './model.ts'

export type Place = { account: string; region: string }

export const placeOf = ({ principal, region }: Call): Place => ({ account: principal.account, region })

const partition = (region: string): string => {
  if (region.startsWith('cn-')) return 'aws-cn'
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
}

export const ecsArn = ({ account, region }: Place, resource: string): string =>
  `arn:${partition(region)}:ecs:${region}:${account}:${resource}`

/** What follows the resource type: `C/S` of `arn:…:service/C/S`, and a name that is no ARN as it is. */
export const resourcePath = (nameOrArn: string): string =>
  nameOrArn.startsWith('arn:') ? nameOrArn.slice(nameOrArn.indexOf('/') + 1) : nameOrArn

/** The last segment of an ARN, and a name that is no ARN as it is. */
export const lastSegment = (nameOrArn: string): string => nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1)

export const randomId = (): string => randomBytes(16).toString('hex')

/** Nineteen digits: the number of a deployment (`ecs-svc/N`) and of the service revision that it puts in place. */
export const revisionNumber = (): string =>
  `${1 + ((randomBytes(1)[0] ?? 0) % 9)}${(randomBytes(8).readBigUInt64BE() % 10n ** 18n).toString().padStart(18, '0')}`

/** Cluster of an operation's input; AWS's default is the cluster named `default`. */
export const clusterName = (nameOrArn: string | undefined): string => lastSegment(nameOrArn ?? 'default')

export const clusterArn = (place: Place, cluster: string | undefined): string => ecsArn(place, `cluster/${clusterName(cluster)}`)

export const serviceArn = (place: Place, cluster: string | undefined, service = ''): string =>
  service.startsWith('arn:') ? service : ecsArn(place, `service/${clusterName(cluster)}/${service}`)

export const invalid = (message: string): AwsError => new AwsError('InvalidParameterException', message)

/** The list that an operation needs, within AWS's limit of elements. */
export const checkList = (list: string[] | undefined, name: string, most: number): string[] => {
  if (!list || list.length === 0) throw invalid(`${name} cannot be empty.`)
  if (list.length > most) throw invalid(`${name} cannot have more than ${most} elements.`)
  return list
}

export const findCluster = (region: Region, cluster: string | undefined): Cluster => {
  const found = region.clusters.get(clusterName(cluster))
  if (!found || (cluster?.startsWith('arn:') && cluster !== found.arn))
    throw new AwsError('ClusterNotFoundException', 'Cluster not found.')
  return found
}

/** By name or ARN in the cluster given, which an ARN names itself. Rejects like AWS when the service is missing. */
export const findService = (region: Region, cluster: string | undefined, service = ''): Service => {
  const named = service.startsWith('arn:') && service.split('/').length === 3 ? service.split('/')[1] : cluster
  const found = findCluster(region, cluster ?? named).services.get(lastSegment(service))
  if (!found) throw new AwsError('ServiceNotFoundException', 'Service not found.')
  return found
}

export const findActiveService = (region: Region, cluster: string | undefined, service: string | undefined): Service => {
  const found = findService(region, cluster, service)
  if (found.status !== 'ACTIVE') throw new AwsError('ServiceNotActiveException', 'Service was not ACTIVE.')
  return found
}

/** By `family` (its latest ACTIVE revision), `family:revision` or ARN. */
export const findDefinition = (region: Region, reference = ''): TaskDefinition | undefined => {
  const [family = '', revision] = lastSegment(reference).split(':')
  const revisions = region.families.get(family) ?? []
  const found =
    revision === undefined
      ? revisions.findLast((each) => each.status === 'ACTIVE')
      : revisions.find((each) => String(each.revision) === revision)
  return reference.startsWith('arn:') && found?.taskDefinitionArn !== reference ? undefined : found
}

/** A task definition that tasks can be started from. */
export const findActiveDefinition = (region: Region, reference: string | undefined): TaskDefinition => {
  const found = findDefinition(region, reference)
  if (!found) throw new AwsError('ClientException', 'TaskDefinition not found.')
  if (found.status !== 'ACTIVE') throw new AwsError('ClientException', 'TaskDefinition is inactive')
  return found
}

export const checkNetwork = (definition: TaskDefinition, { networkConfiguration }: RevisionSettings): void => {
  if (definition.networkMode !== 'awsvpc' || networkConfiguration?.awsvpcConfiguration) return
  throw invalid("Network Configuration must be provided when networkMode 'awsvpc' is specified.")
}
