import type { Engine } from './engine.ts'
import type { ContainerDefinition, Task } from './model.ts'

/** What a task needs before its containers start could not be had. */
export class InitializationError extends Error {}

const secret = async (engine: Engine, task: Task, valueFrom: string): Promise<string> => {
  try {
    if (!engine.secrets) throw new Error('no parameter store')
    return await engine.secrets(task.region.place, valueFrom)
  } catch (cause) {
    const text =
      'unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ssm: ' +
      `service call has been retried 1 time(s): invalid parameters: ${valueFrom}`
    throw new InitializationError(text, { cause })
  }
}

/** Environment variables of a container from its `secrets`. Rejects with an `InitializationError`. */
export const secretVariables = async (engine: Engine, task: Task, definition: ContainerDefinition): Promise<[string, string][]> =>
  Promise.all(
    (definition.secrets ?? []).map(async ({ name, valueFrom }) => [name ?? '', await secret(engine, task, valueFrom ?? '')]),
  )
