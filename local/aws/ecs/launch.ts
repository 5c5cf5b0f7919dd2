import { type Container, PullError } from '../../containers/runtime.ts'
import { type Engine, seconds } from './engine.ts'
import type { Task, TaskStatus } from './model.ts'
import { InitializationError, startContainers } from './start-containers.ts'

/** Nothing happens to a task that is stopping already: the first cause stays. */
export const requestStop = (engine: Engine, task: Task, stopCode: NonNullable<Task['stopCode']>, reason: string): void => {
  if (task.stopping.signal.aborted || task.lastStatus === 'STOPPED') return
  task.stopCode = stopCode
  task.stoppedReason = reason
  task.stoppingAt = seconds(engine)
  task.version += 1
  task.stopping.abort()
}

const reasonOf = (error: unknown): string => {
  const text = error instanceof Error ? error.message : String(error)
  if (error instanceof PullError) return `CannotPullContainerError: ${text}`
  if (error instanceof InitializationError) return `ResourceInitializationError: ${text}`
  return `CannotStartContainerError: ${text}`
}

const live = async (engine: Engine, task: Task, changed: (task: Task) => void): Promise<void> => {
  const { signal } = task.stopping
  const { pace, time } = engine
  const running: Container[] = []
  const move = (status: TaskStatus): void => {
    task.lastStatus = status
    task.version += 1
    changed(task)
  }

  try {
    await time.sleep(pace.provisioning, signal)
    move('PENDING')
    await startContainers(engine, task, running, {
      changed: () => {
        task.version += 1
        changed(task)
      },
      essentialExited: () => requestStop(engine, task, 'EssentialContainerExited', 'Essential container in task exited'),
      failed: (error, container) => {
        if (!signal.aborted) container.reason = reasonOf(error)
        requestStop(engine, task, 'TaskFailedToStart', reasonOf(error))
      },
    })
    signal.throwIfAborted()
    move('ACTIVATING')
    await time.sleep(pace.activating, signal)
    task.startedAt = seconds(engine)
    move('RUNNING')
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve))
  } catch (error) {
    requestStop(engine, task, 'TaskFailedToStart', reasonOf(error))
  }

  if (task.startedAt !== undefined) {
    move('DEACTIVATING')
    if (task.stopCode !== 'EssentialContainerExited') await time.sleep(pace.deactivating)
  }
  move('STOPPING')
  await Promise.all(running.map((container) => container.stop()))
  for (const container of task.containers) container.lastStatus = 'STOPPED'
  task.executionStoppedAt = seconds(engine)
  move('DEPROVISIONING')
  await time.sleep(pace.deprovisioning)
  task.stoppedAt = seconds(engine)
  move('STOPPED')
}

/**
 * Takes a task through its life, from PROVISIONING to STOPPED
 * (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html), and calls back at every change.
 */
export const launch = (engine: Engine, task: Task, changed: (task: Task) => void): void => {
  const life = live(engine, task, changed).finally(() => engine.lives.delete(life))
  engine.lives.add(life)
}
