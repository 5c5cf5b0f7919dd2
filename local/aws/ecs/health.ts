import type { ContainerDefinition, Health, Service, Task, TaskContainer } from './model.ts'

const checked = (definition: ContainerDefinition): boolean => definition.essential && definition.healthCheck !== undefined

const worst = (states: Health[]): Health => {
  if (states.includes('UNHEALTHY')) return 'UNHEALTHY'
  return states.length > 0 && states.every((state) => state === 'HEALTHY') ? 'HEALTHY' : 'UNKNOWN'
}

/** Only essential containers with a check decide; without one the health stays UNKNOWN. */
export const taskHealth = ({ containers }: Task): Health =>
  worst(containers.filter((container) => checked(container.definition)).map((container) => container.health))

export type Target = { arn: string; port: number; container: TaskContainer }

/** The task's places in target groups of its service. */
export const targetsOf = (task: Task): Target[] =>
  (task.settings.loadBalancers ?? []).flatMap(({ targetGroupArn: arn, containerName, containerPort: port }) => {
    const container = task.containers.find(({ definition }) => definition.name === containerName)
    return arn && port && container ? [{ arn, port, container }] : []
  })

/** Whether something beside RUNNING says that the task is well: a container's check, or a load balancer's. */
export const hasHealthCheck = (task: Task): boolean =>
  task.definition.containerDefinitions.some(checked) || targetsOf(task).length > 0

/** Whether a service counts the task, and its address leads to it: RUNNING, and healthy to all who check it. */
export const isServing = (task: Task): boolean =>
  task.lastStatus === 'RUNNING' &&
  !task.stopping.signal.aborted &&
  (!task.definition.containerDefinitions.some(checked) || taskHealth(task) === 'HEALTHY') &&
  targetsOf(task).every(({ container }) => container.targetHealth === 'HEALTHY')

/** Tasks of a service that have not ended, oldest first. */
export const tasksOf = (service: Service): Task[] =>
  [...service.region.tasks.values()].filter((task) => task.service === service && task.lastStatus !== 'STOPPED')
