import { type Rule, refusal, until } from '../rule.ts'
import { cluster, completed, create, register, running, service } from '../services.ts'
import { type Subject, unique } from '../subject.ts'

const api = (name: string): string => `https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_${name}.html`
const guide = (page: string): string => `https://docs.aws.amazon.com/AmazonECS/latest/developerguide/${page}.html`
const needs: Rule['needs'] = ['containers']

/** Changes a service that has settled; resolves to its deployments before and in the answer. */
const update = async (
  subject: Subject,
  change: { desiredCount?: number; taskDefinition?: string; forceNewDeployment?: boolean },
) => {
  const name = await running(subject)
  const before = (await service(subject, name)).deployments ?? []
  const answer = await subject.ecs.updateService({ cluster: await cluster(subject), service: name, ...change })
  return { name, before, after: answer.service?.deployments ?? [] }
}

export const serviceRules: Rule[] = [
  {
    id: 'ecs.service.missing',
    source: guide('api_failures_messages'),
    text: 'DescribeServices answers a service that does not exist with a failure MISSING, not with an error',
    async run(subject) {
      const asked = { cluster: await cluster(subject), services: [unique('none')] }
      const { services, failures } = await subject.ecs.describeServices(asked)
      return [services?.length, failures?.map(({ reason }) => reason)]
    },
    expected: [0, ['MISSING']],
  },
  {
    id: 'ecs.service.missing-cluster',
    source: api('DescribeServices'),
    text: 'A cluster that does not exist is ClusterNotFoundException',
    run: ({ ecs }) => refusal(ecs.describeServices({ cluster: unique('none'), services: ['api'] })),
    expected: 'ClusterNotFoundException',
  },
  {
    id: 'ecs.service.eleven',
    source: api('DescribeServices'),
    text: 'More than 10 services in one call are InvalidParameterException',
    async run(subject) {
      const services = Array.from({ length: 11 }, (_, index) => `service-${index}`)
      return refusal(subject.ecs.describeServices({ cluster: await cluster(subject), services }))
    },
    expected: 'InvalidParameterException',
  },
  {
    id: 'ecs.service.unknown-definition',
    source: api('CreateService'),
    text: 'A service with a task definition that does not exist is ClientException',
    run: (subject) => refusal(create(subject, {}, { taskDefinition: unique('none') })),
    expected: 'ClientException',
  },
  {
    id: 'ecs.service.exists',
    source: api('CreateService'),
    text: 'Another service of the same name is InvalidParameterException',
    async run(subject) {
      const serviceName = await create(subject, {}, { desiredCount: 0 })
      return refusal(create(subject, {}, { serviceName, desiredCount: 1 }))
    },
    expected: 'InvalidParameterException',
  },
  {
    id: 'ecs.update.missing',
    source: api('UpdateService'),
    text: 'Updating a service that does not exist is ServiceNotFoundException',
    run: async (subject) =>
      refusal(subject.ecs.updateService({ cluster: await cluster(subject), service: unique('none'), desiredCount: 1 })),
    expected: 'ServiceNotFoundException',
  },
  {
    id: 'ecs.update.unknown-definition',
    source: api('UpdateService'),
    text: 'Updating to a revision that does not exist is ClientException, and no deployment is started',
    async run(subject) {
      const name = await create(subject, {}, { desiredCount: 0 })
      const asked = { cluster: await cluster(subject), service: name, taskDefinition: `${name}:9` }
      return [await refusal(subject.ecs.updateService(asked)), (await service(subject, name)).deployments?.length]
    },
    expected: ['ClientException', 1],
  },
  {
    id: 'ecs.update.definition',
    source: api('Deployment'),
    text: 'The answer to a new task definition has the new deployment: PRIMARY and IN_PROGRESS, the old one is ACTIVE',
    needs,
    async run(subject) {
      const taskDefinition = await register(subject, unique('other'))
      const { before, after } = await update(subject, { taskDefinition })
      const [primary, active] = after
      const states = [primary?.status, primary?.rolloutState, active?.status, active?.id === before[0]?.id]
      return [...states, primary?.taskDefinition === taskDefinition]
    },
    expected: ['PRIMARY', 'IN_PROGRESS', 'ACTIVE', true, true],
  },
  {
    id: 'ecs.update.count',
    source: api('UpdateService'),
    text: 'A change of the desired count starts no deployment',
    needs,
    async run(subject) {
      const { name, before, after } = await update(subject, { desiredCount: 1 })
      const settled = await until(
        subject,
        () => service(subject, name),
        ({ runningCount }) => runningCount === 1,
      )
      return [after.map(({ id }) => id === before[0]?.id), settled.deployments?.map(({ id }) => id === before[0]?.id)]
    },
    expected: [[true], [true]],
  },
  {
    id: 'ecs.update.nothing',
    source: api('UpdateService'),
    text: 'The same task definition without forceNewDeployment starts no deployment',
    needs,
    async run(subject) {
      const name = await running(subject)
      const { taskDefinition, deployments } = await service(subject, name)
      const asked = { cluster: await cluster(subject), service: name, taskDefinition }
      const answer = await subject.ecs.updateService(asked)
      return answer.service?.deployments?.map(({ id }) => id === deployments?.[0]?.id)
    },
    expected: [true],
  },
  {
    id: 'ecs.update.forced',
    source: api('UpdateService'),
    text: 'forceNewDeployment starts one with the same task definition, under an id of its own',
    needs,
    async run(subject) {
      const { before, after } = await update(subject, { forceNewDeployment: true })
      const same = after[0]?.taskDefinition === before[0]?.taskDefinition
      return [after.length, after[0]?.id !== before[0]?.id, same]
    },
    expected: [2, true, true],
  },
  {
    id: 'ecs.update.completed',
    source: guide('deployment-type-ecs'),
    text: 'When all tasks of the new revision run and the old ones are gone, its deployment alone is left: COMPLETED',
    needs,
    async run(subject) {
      const { name, after } = await update(subject, { forceNewDeployment: true })
      const { deployments } = await until(subject, () => service(subject, name), completed)
      return deployments?.map((each) => [each.id === after[0]?.id, each.rolloutState, each.runningCount, each.failedTasks])
    },
    expected: [[true, 'COMPLETED', 2, 0]],
  },
  {
    id: 'ecs.delete.scaled',
    source: api('DeleteService'),
    text: 'A service that is scaled above 0 is not deleted without force: InvalidParameterException',
    needs,
    async run(subject) {
      const name = await running(subject)
      return refusal(subject.ecs.deleteService({ cluster: await cluster(subject), service: name }))
    },
    expected: 'InvalidParameterException',
  },
  {
    id: 'ecs.delete.drains',
    source: api('DeleteService'),
    text: 'A deleted service is DRAINING, then INACTIVE, and can no longer be updated: ServiceNotActiveException',
    needs,
    async run(subject) {
      const at = await cluster(subject)
      const name = await running(subject)
      const deleted = await subject.ecs.deleteService({ cluster: at, service: name, force: true })
      const { status } = await until(
        subject,
        () => service(subject, name),
        (each) => each.status !== 'DRAINING',
      )
      const later = refusal(subject.ecs.updateService({ cluster: at, service: name, desiredCount: 1 }))
      return [deleted.service?.status, status, await later]
    },
    expected: ['DRAINING', 'INACTIVE', 'ServiceNotActiveException'],
  },
  {
    id: 'ecs.deployments.link',
    source: api('ServiceDeployment'),
    text: 'The service names its current service deployment, whose target revision ends in the number of its ecs-svc id',
    needs,
    async run(subject) {
      const { name, after } = await update(subject, { forceNewDeployment: true })
      const arn = (await service(subject, name)).currentServiceDeployment ?? 'none'
      const { serviceDeployments } = await subject.ecs.describeServiceDeployments({ serviceDeploymentArns: [arn] })
      const number = serviceDeployments?.[0]?.targetServiceRevision?.arn?.split('/').at(-1)
      return `ecs-svc/${number}` === after[0]?.id
    },
    expected: true,
  },
]
