import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  paginateListTasks,
  type Service,
  type Task,
} from '@aws-sdk/client-ecs'
import { call, isNamed } from '../../../../lib/aws/errors.ts'
import type { Session } from '../../../../lib/aws/session.ts'
import type { Live } from '../../../../lib/delivery/board/facts.ts'
import type { EcsPlace, Platform } from '../ports.ts'

/** The most that one DescribeServices and one DescribeTasks take (API reference). */
const SERVICES = 10
const TASKS = 100

/** Services that are asked for at the same time: ECS throttles an account that asks for a hundred. */
const AT_ONCE = 10

/** What ECS runs: digests as its tasks report them, not as task definitions ask for them. */
export const ecsPlatform = (session: Session): Platform<EcsPlace> => {
  const ecs = session.client(ECSClient)

  const describe = async (cluster: string, services: string[]): Promise<Service[] | undefined> => {
    const answers = await Promise.all(
      inBatches(services, SERVICES).map((batch) =>
        call('ecs:DescribeServices', () => ecs.send(new DescribeServicesCommand({ cluster, services: batch }))),
      ),
    ).catch((error: Error) => {
      if (isNamed(error, 'ClusterNotFoundException')) return undefined
      throw error
    })
    return answers?.flatMap(({ services: found = [] }) => found)
  }

  const tasksOf = async (cluster: string, service: string): Promise<Task[]> => {
    const arns = await call('ecs:ListTasks', async () => {
      const found: string[] = []
      const input = { cluster, serviceName: service, desiredStatus: 'RUNNING' as const }
      for await (const page of paginateListTasks({ client: ecs }, input)) found.push(...(page.taskArns ?? []))
      return found
    })
    const answers = await Promise.all(
      inBatches(arns, TASKS).map((tasks) =>
        call('ecs:DescribeTasks', () => ecs.send(new DescribeTasksCommand({ cluster, tasks }))),
      ),
    )
    return answers.flatMap(({ tasks = [] }) => tasks)
  }

  return {
    look: async (places) => {
      const clusters = [...new Set(places.map(({ cluster }) => cluster))]
      const described = new Map(
        await Promise.all(
          clusters.map(async (cluster): Promise<[string, Service[] | undefined]> => {
            const services = places.filter((place) => place.cluster === cluster).map(({ service }) => service)
            return [cluster, await describe(cluster, [...new Set(services)])]
          }),
        ),
      )
      const lookAt = async ({ cluster, service: name, container }: EcsPlace): Promise<Live> => {
        const services = described.get(cluster)
        if (services === undefined) return { state: 'missing', reason: `there is no cluster ${cluster}` }
        const service = services.find(({ serviceName, status }) => serviceName === name && status === 'ACTIVE')
        if (service === undefined) return { state: 'missing', reason: `cluster ${cluster} has no active service ${name}` }
        return { ...seen(service), running: digests(await tasksOf(cluster, name), container) }
      }
      const live: Live[] = []
      for (const some of inBatches(places, AT_ONCE)) live.push(...(await Promise.all(some.map(lookAt))))
      return live
    },
  }
}

const seen = ({ desiredCount = 0, deployments = [] }: Service) => {
  const primary = deployments.find(({ status }) => status === 'PRIMARY')
  return { state: 'seen' as const, desired: desiredCount, changing: primary?.rolloutState === 'IN_PROGRESS' && desiredCount > 0 }
}

const digests = (tasks: readonly Task[], container: string): Record<string, number> => {
  const running = tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING')
  const counts: Record<string, number> = {}
  for (const { containers = [] } of running) {
    const digest = containers.find(({ name }) => name === container)?.imageDigest ?? 'unknown'
    counts[digest] = (counts[digest] ?? 0) + 1
  }
  return counts
}

const inBatches = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size))
