import type * as sdk from '@aws-sdk/client-ecs'
import { page } from '../pages.ts'
import { AwsError, type Operation } from '../service.ts'
import { onService, onServiceAnd } from './authorizations.ts'
import { isInFlight, requestRollback } from './deployments.ts'
import type { Engine } from './engine.ts'
import { findService, invalid, placeOf } from './find.ts'
import type { Wire } from './model.ts'
import { serviceDeploymentView, serviceRevisionView } from './service-views.ts'

const checkArns = (arns: string[] | undefined, name: string): string[] => {
  if (!arns || arns.length === 0) throw invalid(`${name} cannot be empty.`)
  if (arns.length > 20) throw invalid(`${name} cannot have more than 20 elements.`)
  return arns
}

const isWithin = (at: number, range: Wire<sdk.CreatedAt> | undefined): boolean =>
  at >= (range?.after ?? 0) && at <= (range?.before ?? Number.POSITIVE_INFINITY)

export const serviceDeploymentOperations = (engine: Engine): Record<string, Operation> => {
  const listServiceDeployments: Operation<Wire<sdk.ListServiceDeploymentsCommandInput>> = {
    authorize: (input, call) => [onService('ListServiceDeployments', call, input.cluster, input.service)],
    run(input, call) {
      const region = engine.region(placeOf(call))
      const service = findService(region, input.cluster, input.service)
      const all = [...region.serviceDeployments.values()]
        .filter((each) => each.service === service && isWithin(each.createdAt, input.createdAt))
        .filter((each) => !input.status?.length || input.status.includes(each.status))
        .toReversed()
      const { items, nextToken } = page(all, input.maxResults ?? 20, input.nextToken)
      const briefs = items.map((each): Wire<sdk.ServiceDeploymentBrief> => {
        const { targetServiceRevision, ...view } = serviceDeploymentView(each)
        const { serviceDeploymentArn, serviceArn, clusterArn, createdAt, startedAt, finishedAt, status, statusReason } = view
        const target = { targetServiceRevisionArn: targetServiceRevision?.arn }
        return { serviceDeploymentArn, serviceArn, clusterArn, createdAt, startedAt, finishedAt, ...target, status, statusReason }
      })
      return { serviceDeployments: briefs, nextToken }
    },
  }

  const describeServiceDeployments: Operation<Wire<sdk.DescribeServiceDeploymentsCommandInput>> = {
    authorize: (input, call) =>
      (input.serviceDeploymentArns ?? []).flatMap((arn) => onServiceAnd('DescribeServiceDeployments', call, arn)),
    run(input, call) {
      const { serviceDeployments } = engine.region(placeOf(call))
      const arns = checkArns(input.serviceDeploymentArns, 'ServiceDeploymentArns')
      const found = arns.flatMap((arn) => serviceDeployments.get(arn) ?? [])
      return {
        serviceDeployments: found.map(serviceDeploymentView),
        failures: arns.filter((arn) => !serviceDeployments.has(arn)).map((arn) => ({ arn, reason: 'MISSING' })),
      }
    },
  }

  const describeServiceRevisions: Operation<Wire<sdk.DescribeServiceRevisionsCommandInput>> = {
    authorize: (input, call) =>
      (input.serviceRevisionArns ?? []).flatMap((arn) => onServiceAnd('DescribeServiceRevisions', call, arn)),
    run(input, call) {
      const { serviceRevisions } = engine.region(placeOf(call))
      const arns = checkArns(input.serviceRevisionArns, 'ServiceRevisionArns')
      const found = arns.flatMap((arn) => serviceRevisions.get(arn) ?? [])
      return {
        serviceRevisions: found.map(serviceRevisionView),
        failures: arns.filter((arn) => !serviceRevisions.has(arn)).map((arn) => ({ arn, reason: 'MISSING' })),
      }
    },
  }

  const stopServiceDeployment: Operation<Wire<sdk.StopServiceDeploymentCommandInput>> = {
    authorize: (input, call) => onServiceAnd('StopServiceDeployment', call, input.serviceDeploymentArn ?? ''),
    run(input, call) {
      const { serviceDeploymentArn = '', stopType = 'ROLLBACK' } = input
      if (stopType !== 'ROLLBACK') throw new AwsError('UnsupportedFeatureException', `Stop type ${stopType} is not supported.`)
      const deployment = engine.region(placeOf(call)).serviceDeployments.get(serviceDeploymentArn)
      if (!deployment) throw new AwsError('ServiceDeploymentNotFoundException', 'Service deployment not found.')
      // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stop-service-deployment.html: one that already stops or rolls back goes on
      if (!isInFlight(deployment)) {
        throw new AwsError('ConflictException', `Service deployment in status ${deployment.status} cannot be stopped.`)
      }
      requestRollback(engine, deployment)
      return { serviceDeploymentArn }
    },
  }

  return {
    ListServiceDeployments: listServiceDeployments,
    DescribeServiceDeployments: describeServiceDeployments,
    DescribeServiceRevisions: describeServiceRevisions,
    StopServiceDeployment: stopServiceDeployment,
  }
}
