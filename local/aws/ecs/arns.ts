import { randomBytes } from 'node:crypto'

export type Place = { account: string; region: string }

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

/** Cluster of an operation's input; AWS's default is the cluster named `default`. */
export const clusterName = (nameOrArn: string | undefined): string => lastSegment(nameOrArn ?? 'default')

export const taskId = (): string => randomBytes(16).toString('hex')

export const serviceDeploymentId = (): string => randomBytes(16).toString('base64url').replaceAll(/[-_]/g, 'x').slice(0, 21)

/** Nineteen digits: the number of a deployment (`ecs-svc/N`) and of the service revision that it puts in place. */
export const revisionNumber = (): string =>
  `${1 + ((randomBytes(1)[0] ?? 0) % 9)}${(randomBytes(8).readBigUInt64BE() % 10n ** 18n).toString().padStart(18, '0')}`
