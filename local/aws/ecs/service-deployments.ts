import type * as sdk from '@aws-sdk/client-ecs'
import { page } from '../pages.ts'
import { AwsError, type Operation } from '../service.ts'
import { onService, withService } from './authorizations.ts'
import { isInFlight, requestRollback } from './deployments.ts'
import type { Engine } from './engine.ts'
import { checkList, findService } from './find.ts'
import type { Wire } from './model.ts'
import { inRegion, split } from './operations.ts'
import { serviceDeploymentView, serviceRevisionView } from './service-views.ts'

const isWithin = (at: number, range: Wire<sdk.CreatedAt> | undefined): boolean =>
  at >= (range?.after ?? 0) && at <= (range?.before ?? Number.POSITIVE_INFINITY)

export const serviceDeploymentOperations = (engine: Engine): Record<string, Operation> => {
  const on = inRegion(engine)
  return {
    ...on('ListServiceDeployments', onService, (input, region) => {
      const service = findService(region, input.cluster, input.service)
      const all = [...region.serviceDeployments.values()]
        .filter((each) => each.service === service && isWithin(each.createdAt, input.createdAt))
        .filter((each) => !input.status?.length || input.status.includes(each.status))
        .toReversed()
      const { items, nextToken } = page(all, input.maxResults ?? 20, input.nextToken)
      const briefs = items.map((each): Wire<sdk.ServiceDeploymentBrief> => {
        const { serviceDeploymentArn, serviceArn, clusterArn, createdAt, startedAt, finishedAt, status, statusReason } = each
        const target = { targetServiceRevisionArn: each.deployment.revision.arn }
        return { serviceDeploymentArn, serviceArn, clusterArn, createdAt, startedAt, finishedAt, ...target, status, statusReason }
      })
      return { serviceDeployments: briefs, nextToken }
    }),

    ...on(
      'DescribeServiceDeployments',
      withService(({ serviceDeploymentArns }) => serviceDeploymentArns),
      (input, region) => {
        const arns = checkList(input.serviceDeploymentArns, 'ServiceDeploymentArns', 20)
        const { found, failures } = split(arns, (arn) => region.serviceDeployments.get(arn))
        return { serviceDeployments: found.map(serviceDeploymentView), failures }
      },
    ),

    ...on(
      'DescribeServiceRevisions',
      withService(({ serviceRevisionArns }) => serviceRevisionArns),
      (input, region) => {
        const arns = checkList(input.serviceRevisionArns, 'ServiceRevisionArns', 20)
        const { found, failures } = split(arns, (arn) => region.serviceRevisions.get(arn))
        return { serviceRevisions: found.map(serviceRevisionView), failures }
      },
    ),

    ...on(
      'StopServiceDeployment',
      withService(({ serviceDeploymentArn = '' }) => [serviceDeploymentArn]),
      ({ serviceDeploymentArn = '', stopType = 'ROLLBACK' }, region) => {
        if (stopType !== 'ROLLBACK') throw new AwsError('UnsupportedFeatureException', `Stop type ${stopType} is not supported.`)
        const deployment = region.serviceDeployments.get(serviceDeploymentArn)
        if (!deployment) throw new AwsError('ServiceDeploymentNotFoundException', 'Service deployment not found.')
        // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stop-service-deployment.html: one that already stops or rolls back goes on
        if (!isInFlight(deployment)) {
          throw new AwsError('ConflictException', `Service deployment in status ${deployment.status} cannot be stopped.`)
        }
        requestRollback(engine, deployment)
        return { serviceDeploymentArn }
      },
    ),
  }
}
