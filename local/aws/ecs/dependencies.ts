import type { ContainerDefinition } from './model.ts'

type Milestone = {
  started: PromiseWithResolvers<void>
  healthy: PromiseWithResolvers<void>
  exited: PromiseWithResolvers<number>
}

/** How far each container of a task has come, by name. */
export type Milestones = ReadonlyMap<string, Milestone>

export const milestones = (names: string[]): Milestones =>
  new Map(
    names.map((name) => [
      name,
      { started: Promise.withResolvers(), healthy: Promise.withResolvers(), exited: Promise.withResolvers() },
    ]),
  )

const met = async (milestone: Milestone | undefined, name: string, condition: string | undefined): Promise<void> => {
  if (!milestone) throw new Error(`dependency ${name} is not a container of the task definition`)
  if (condition === 'HEALTHY') return milestone.healthy.promise
  if (condition !== 'COMPLETE' && condition !== 'SUCCESS') return milestone.started.promise
  const code = await milestone.exited.promise
  if (condition === 'SUCCESS' && code !== 0) throw new Error(`dependency container ${name} did not exit successfully`)
}

/** Resolves when every `dependsOn` of the container is met. Rejects when one cannot be met any more, or the task is to stop. */
export const dependencies = async (definition: ContainerDefinition, reached: Milestones, signal: AbortSignal): Promise<void> => {
  const conditions = definition.dependsOn ?? []
  if (conditions.length === 0) return signal.throwIfAborted()
  const stopped = Promise.withResolvers<never>()
  const stop = (): void => stopped.reject(signal.reason)
  signal.throwIfAborted()
  signal.addEventListener('abort', stop)
  try {
    const all = conditions.map(({ containerName = '', condition }) => met(reached.get(containerName), containerName, condition))
    await Promise.race([Promise.all(all), stopped.promise])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
