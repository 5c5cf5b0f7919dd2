/** What the scheduler sees of a task: `starting` and `unhealthy` ones run or will, but do not count as healthy yet. */
export type PlannedTask = { id: string; deployment: string; state: 'starting' | 'unhealthy' | 'healthy' | 'stopping' }

export type Situation = {
  desired: number
  minimumHealthyPercent: number
  maximumPercent: number
  primary: string
  /** False while a back-off runs, or when the deployment has failed. */
  mayStart: boolean
  /** Deployments that failed keep what still runs beside them. */
  primaryFailed: boolean
  /** Every task of the service that is not STOPPED, oldest first. */
  tasks: readonly PlannedTask[]
}

export type Plan = { start: number; stop: string[] }

const order = { starting: 0, unhealthy: 1, healthy: 2, stopping: 3 }
const unhealthyFirst = (tasks: PlannedTask[]): PlannedTask[] => tasks.toSorted((a, b) => order[a.state] - order[b.state])

/**
 * The scheduler's next step of a rolling update. `maximumPercent`, rounded down, limits tasks that run, start or stop;
 * `minimumHealthyPercent`, rounded up, is what stays healthy:
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
 */
export const plan = (now: Situation): Plan => {
  const alive = now.tasks.filter((task) => task.state !== 'stopping')
  if (now.desired === 0) return { start: 0, stop: alive.map((task) => task.id) }

  const ours = alive.filter((task) => task.deployment === now.primary)
  const surplus = unhealthyFirst(ours.toReversed()).slice(0, Math.max(0, ours.length - now.desired))
  if (now.primaryFailed) return { start: 0, stop: surplus.map((task) => task.id) }

  const most = Math.floor((now.desired * now.maximumPercent) / 100)
  const least = Math.ceil((now.desired * now.minimumHealthyPercent) / 100)
  const room = Math.max(0, most - now.tasks.length)
  const start = now.mayStart ? Math.min(Math.max(0, now.desired - ours.length), room) : 0

  const healthy = alive.filter((task) => task.state === 'healthy' && !surplus.includes(task)).length
  let spare = Math.max(0, healthy - least)
  const stop = surplus.map((task) => task.id)
  for (const task of unhealthyFirst(alive.filter((each) => each.deployment !== now.primary))) {
    if (task.state === 'healthy' && spare-- <= 0) break
    stop.push(task.id)
  }
  return { start, stop }
}

/** Neither starting nor stopping is possible although tasks are missing: the percentages leave no room. */
export const isStuck = (now: Situation): boolean => {
  const missing = now.desired - now.tasks.filter((task) => task.deployment === now.primary).length
  const next = plan(now)
  return (
    now.mayStart &&
    missing > 0 &&
    next.start === 0 &&
    next.stop.length === 0 &&
    now.tasks.every((task) => task.state === 'healthy')
  )
}
