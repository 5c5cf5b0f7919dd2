import type { Task } from '@aws-sdk/client-ecs'
import type { Proof, ProofLimits, TargetTools } from '../../target.ts'
import { describeService, describeTasks, listTasks, type Place } from './observe.ts'

const ATTEMPTS = 6
/** What a task may take to start, with a large image too. */
const STARTING_TIME = 300_000
/** How many times slower it is looked while tasks are starting. */
const UNHURRIED = 3

/**
 * Reads the running tasks and compares the digest that ECS reports for each container. Looks again for some seconds:
 * the API is eventually consistent, and a task that just replaced another may still be pending. Where a service is scaling
 * out, or a Spot task is being replaced, it looks on until the new tasks run, or one of those that are listed is gone.
 */
export const proveDigests = async (
  place: Place,
  { clock, pollInterval }: TargetTools,
  expected: Record<string, string>,
  aliases: ReadonlyMap<string, readonly string[]>,
  { signal, deadline = clock.monotonic() + STARTING_TIME }: ProofLimits = {},
): Promise<Proof> => {
  let before: readonly Task[] = []
  for (let attempt = 1; ; attempt += 1) {
    const [service, tasks] = await Promise.all([
      describeService(place),
      listTasks(place, 'RUNNING').then((arns) => describeTasks(place, arns)),
    ])
    const proof = compareDigests(tasks, service.desiredCount ?? 0, expected, aliases)
    if (proof.proven) return proof
    const pause = attempt < ATTEMPTS ? pollInterval : pollInterval * UNHURRIED
    if (attempt >= ATTEMPTS) {
      const ended = attempt > ATTEMPTS && before.some(({ taskArn }) => !tasks.some((task) => task.taskArn === taskArn))
      if (!proof.starting || ended || signal?.aborted || clock.monotonic() + pause > deadline) return proof
    }
    before = tasks
    await clock.sleep(pause, attempt < ATTEMPTS ? undefined : signal)
  }
}

/** Proven when as many tasks run as are asked for, at least one, and each runs what is expected in each container. */
const compareDigests = (
  tasks: readonly Task[],
  desired: number,
  expected: Record<string, string>,
  aliases: ReadonlyMap<string, readonly string[]>,
): Proof => {
  const running = tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING')
  const digest = runningDigest(running, Object.keys(expected)[0])
  const found = digest === undefined ? {} : { digest }
  const wrong = running.flatMap((task) => differences(task, expected, aliases))
  if (wrong.length > 0) return { proven: false, ...found, problem: wrong.slice(0, 3).join('; ') }
  const wanted = Math.max(desired, 1)
  if (running.length < wanted) {
    const starting = tasks.length >= wanted ? { starting: true as const } : {}
    return { proven: false, ...found, problem: `${running.length} of ${desired} tasks are running`, ...starting }
  }
  return { proven: true, digest: digest ?? '' }
}

const differences = (task: Task, expected: Record<string, string>, aliases: ReadonlyMap<string, readonly string[]>): string[] =>
  Object.entries(expected).flatMap(([name, digest]) => {
    const actual = task.containers?.find((container) => container.name === name)?.imageDigest
    if (actual !== undefined && (actual === digest || aliases.get(digest)?.includes(actual))) return []
    return [`task ${task.taskArn?.split('/').at(-1)} runs ${actual ?? 'an unknown digest'} in '${name}', expected ${digest}`]
  })

const runningDigest = (tasks: readonly Task[], container: string | undefined): string | undefined =>
  tasks[0]?.containers?.find(({ name }) => name === container)?.imageDigest

/** Container to digest, read from the tasks that run: for services whose task definition names tags. */
export const digestsOfTasks = async (place: Place): Promise<Record<string, string>> => {
  const [task] = await describeTasks(place, (await listTasks(place, 'RUNNING')).slice(0, 1))
  const known = (task?.containers ?? []).flatMap(({ name, imageDigest }) => (name && imageDigest ? [[name, imageDigest]] : []))
  return Object.fromEntries(known)
}
