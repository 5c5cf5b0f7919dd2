import { AwsError, type Call } from '../service.ts'
import { clusterName, ecsArn, lastSegment, type Place } from './arns.ts'
import type { Cluster, Region, Service, TaskDefinition } from './model.ts'

export const placeOf = ({ principal, region }: Call): Place => ({ account: principal.account, region })

export const clusterArn = (place: Place, cluster: string | undefined): string => ecsArn(place, `cluster/${clusterName(cluster)}`)

export const serviceArn = (place: Place, cluster: string | undefined, service = ''): string =>
  service.startsWith('arn:') ? service : ecsArn(place, `service/${clusterName(cluster)}/${service}`)

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

export const invalid = (message: string): AwsError => new AwsError('InvalidParameterException', message)
