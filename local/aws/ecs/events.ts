import { randomUUID } from 'node:crypto'
import { type Engine, seconds } from './engine.ts'
import type { Service, Task } from './model.ts'

/** Adds a service event in AWS's form; a service keeps its newest hundred. */
export const recordEvent = (engine: Engine, service: Service, text: string): void => {
  service.events.unshift({ id: randomUUID(), createdAt: seconds(engine), message: `(service ${service.name}) ${text}` })
  service.events.length = Math.min(service.events.length, 100)
}

export const taskList = (tasks: readonly Task[]): string => tasks.map(({ id }) => `(task ${id})`).join(' ')
