import type { Deployment, Service } from '@aws-sdk/client-ecs'
import { until } from './rule.ts'
import { service } from './services.ts'
import type { Subject } from './subject.ts'

/** Follows a service until it is as asked; resolves to all that was seen on the way. */
export const follow = async (subject: Subject, name: string, end: (each: Service) => boolean): Promise<Service[]> => {
  const seen: Service[] = []
  const look = async (): Promise<Service> => {
    const each = await service(subject, name)
    seen.push(each)
    return each
  }
  await until(subject, look, end)
  return seen
}

/** What one deployment was like, each time that it was seen. */
export const statesOf = (id: string | undefined, seen: Service[]): Deployment[] =>
  seen.flatMap(({ deployments = [] }) => deployments.filter((each) => each.id === id))

export const runningCounts = (seen: Service[]): number[] => seen.map(({ runningCount = 0 }) => runningCount)
