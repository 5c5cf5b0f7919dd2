import type { ContainerDefinition } from '@aws-sdk/client-ecs'
import { once, type Rule, refusal, until } from '../rule.ts'
import {
  breaker,
  cluster,
  completed,
  crashes,
  create,
  currentDeployment,
  hasEnded,
  register,
  running,
  service,
  undecided,
} from '../services.ts'
import type { Subject } from '../subject.ts'

const api = (name: string): string => `https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_${name}.html`
const guide = (page: string): string => `https://docs.aws.amazon.com/AmazonECS/latest/developerguide/${page}.html`
const circuitBreaker = guide('deployment-circuit-breaker')
const needs: Rule['needs'] = ['containers']

const end = (subject: Subject, name: string) => until(subject, () => currentDeployment(subject, name), hasEnded)

const describe = async ({ ecs }: Subject, arn: string) =>
  (await ecs.describeServiceDeployments({ serviceDeploymentArns: [arn] })).serviceDeployments?.[0] ?? {}

const deploy = async (subject: Subject, name: string, container: ContainerDefinition = {}): Promise<string> => {
  const taskDefinition = await register(subject, name, container)
  await subject.ecs.updateService({ cluster: await cluster(subject), service: name, taskDefinition })
  return taskDefinition
}

/** A service with the circuit breaker that has been rolled back from a revision that crashes. */
const rolledBack = once('service deployment rolled back', async (subject) => {
  const name = await running(subject, { deploymentConfiguration: breaker({ enable: true, rollback: true }) })
  const source = (await currentDeployment(subject, name)).targetServiceRevision?.arn
  await deploy(subject, name, { command: crashes })
  return { source, deployment: await end(subject, name) }
})

const superseded = once('superseded', async (subject) => {
  const name = await running(subject)
  await deploy(subject, name, undecided)
  const first = await currentDeployment(subject, name)
  await deploy(subject, name)
  const second = await end(subject, name)
  return { name, first: await describe(subject, first.serviceDeploymentArn ?? ''), second }
})

const stopped = once('stopped', async (subject) => {
  const name = await running(subject)
  const { deployments, taskDefinition } = await service(subject, name)
  await deploy(subject, name, undecided)
  const { serviceDeploymentArn = '' } = await currentDeployment(subject, name)
  await subject.ecs.stopServiceDeployment({ serviceDeploymentArn, stopType: 'ROLLBACK' })
  const isBack = () => describe(subject, serviceDeploymentArn)
  const deployment = await until(subject, isBack, hasEnded)
  const now = await until(subject, () => service(subject, name), completed)
  return { deployment, sameId: now.deployments?.[0]?.id === deployments?.[0]?.id, same: now.taskDefinition === taskDefinition }
})

const monitor = async (subject: Subject, desiredCount: number) => {
  const name = await create(subject, undecided, {
    desiredCount,
    deploymentConfiguration: breaker({ enable: true, rollback: true }),
  })
  return (await currentDeployment(subject, name)).deploymentCircuitBreaker
}

export const serviceDeploymentRules: Rule[] = [
  {
    id: 'ecs.deployments.successful',
    source: guide('service-deployment'),
    text: 'A deployment that completes ends SUCCESSFUL, with the times of its start and end',
    needs,
    async run(subject) {
      const { status, startedAt, finishedAt } = await end(subject, await running(subject))
      return [status, startedAt instanceof Date, finishedAt instanceof Date]
    },
    expected: ['SUCCESSFUL', true, true],
  },
  {
    id: 'ecs.deployments.listed',
    source: api('ListServiceDeployments'),
    text: 'The deployments of a service are listed, and can be asked for by status',
    needs,
    async run(subject) {
      const { name } = await superseded(subject)
      const at = { cluster: await cluster(subject), service: name }
      const all = await subject.ecs.listServiceDeployments(at)
      const some = await subject.ecs.listServiceDeployments({ ...at, status: ['STOPPED'] })
      return [all.serviceDeployments?.length, some.serviceDeployments?.map(({ status }) => status)]
    },
    expected: [3, ['STOPPED']],
  },
  {
    id: 'ecs.deployments.superseded',
    source: guide('service-deployment'),
    text: 'A newer deployment stops the one in flight: STOPPED, and the newer one ends SUCCESSFUL',
    needs,
    async run(subject) {
      const { first, second } = await superseded(subject)
      return [first.status, second.status, first.serviceDeploymentArn !== second.serviceDeploymentArn]
    },
    expected: ['STOPPED', 'SUCCESSFUL', true],
  },
  {
    id: 'ecs.deployments.rolled-back',
    source: guide('service-deployment'),
    text: 'The circuit breaker ends a deployment as ROLLBACK_SUCCESSFUL, and rollback names the revision of before',
    needs,
    async run(subject) {
      const { source, deployment } = await rolledBack(subject)
      const to = deployment.rollback?.serviceRevisionArn
      return [deployment.status, to === source, deployment.sourceServiceRevisions?.map(({ arn }) => arn === source)]
    },
    expected: ['ROLLBACK_SUCCESSFUL', true, [true]],
  },
  {
    id: 'ecs.deployments.triggered',
    source: api('ServiceDeploymentCircuitBreaker'),
    text: 'Its circuit breaker is TRIGGERED, with its threshold and at least as many failures',
    needs,
    async run(subject) {
      const { status, failureCount = 0, threshold = 0 } = (await rolledBack(subject)).deployment.deploymentCircuitBreaker ?? {}
      return [status, threshold, failureCount >= threshold]
    },
    expected: ['TRIGGERED', 3, true],
  },
  {
    id: 'ecs.deployments.threshold',
    source: circuitBreaker,
    text: 'The threshold is half of the desired tasks, rounded up, and at least 3',
    needs,
    run: async (subject) => [(await monitor(subject, 1))?.threshold, (await monitor(subject, 7))?.threshold],
    expected: [3, 4],
  },
  {
    id: 'ecs.deployments.monitoring',
    source: api('ServiceDeploymentCircuitBreaker'),
    text: 'The circuit breaker of a deployment in flight is MONITORING, or DISABLED when the service has none',
    needs,
    async run(subject) {
      const without = await currentDeployment(subject, await create(subject, undecided))
      return [(await monitor(subject, 1))?.status, without.deploymentCircuitBreaker?.status]
    },
    expected: ['MONITORING', 'DISABLED'],
  },
  {
    id: 'ecs.stop.rolls-back',
    source: guide('stop-service-deployment'),
    text: 'StopServiceDeployment brings the last completed deployment back, also without a circuit breaker',
    needs,
    async run(subject) {
      const { deployment, sameId, same } = await stopped(subject)
      return [deployment.status, sameId, same]
    },
    expected: ['ROLLBACK_SUCCESSFUL', true, true],
  },
  {
    id: 'ecs.stop.ended',
    source: api('StopServiceDeployment'),
    text: 'A deployment that has ended cannot be stopped: ConflictException',
    needs,
    async run(subject) {
      const { serviceDeploymentArn } = await end(subject, await running(subject))
      return refusal(subject.ecs.stopServiceDeployment({ serviceDeploymentArn, stopType: 'ROLLBACK' }))
    },
    expected: 'ConflictException',
  },
  {
    id: 'ecs.stop.missing',
    source: api('StopServiceDeployment'),
    text: 'A deployment that does not exist is ServiceDeploymentNotFoundException',
    async run(subject) {
      const at = `arn:aws:ecs:${subject.region}:${subject.account}:service-deployment/${await cluster(subject)}/none`
      const serviceDeploymentArn = `${at}/AbCdEfGhIjKlMnOpQrStU`
      return refusal(subject.ecs.stopServiceDeployment({ serviceDeploymentArn, stopType: 'ROLLBACK' }))
    },
    expected: 'ServiceDeploymentNotFoundException',
  },
  {
    id: 'ecs.revisions.image',
    source: api('ServiceRevision'),
    text: "A service revision names its task definition, and its containers' images with their digests",
    needs,
    async run(subject) {
      const name = await running(subject)
      const arn = (await currentDeployment(subject, name)).targetServiceRevision?.arn ?? ''
      const { serviceRevisions } = await subject.ecs.describeServiceRevisions({ serviceRevisionArns: [arn] })
      const [revision] = serviceRevisions ?? []
      const [image] = revision?.containerImages ?? []
      const same = revision?.taskDefinition === (await service(subject, name)).taskDefinition
      return [same, image?.containerName, /^sha256:[0-9a-f]{64}$/.test(image?.imageDigest ?? '')]
    },
    expected: [true, 'app', true],
  },
]
