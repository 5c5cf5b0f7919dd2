import type { ContainerDefinition, Health, Task, TaskContainer } from './model.ts'

const checked = (definition: ContainerDefinition): boolean => definition.essential && definition.healthCheck !== undefined

export const hasHealthCheck = (task: Task): boolean => task.definition.containerDefinitions.some(checked)

/** Only essential containers with a check decide; without one the health stays UNKNOWN. */
export const taskHealth = (containers: readonly TaskContainer[]): Health => {
  const states = containers.filter((container) => checked(container.definition)).map((container) => container.health)
  if (states.includes('UNHEALTHY')) return 'UNHEALTHY'
  return states.length > 0 && states.every((state) => state === 'HEALTHY') ? 'HEALTHY' : 'UNKNOWN'
}

/** Whether a service counts the task, and its address leads to it: RUNNING, and HEALTHY if it has a check. */
export const isServing = (task: Task): boolean =>
  task.lastStatus === 'RUNNING' &&
  !task.stopping.signal.aborted &&
  (!hasHealthCheck(task) || taskHealth(task.containers) === 'HEALTHY')
