/** Delays of the engine in nominal milliseconds; data, so that a scenario can be slower or quicker than usual. */
export type Pace = {
  /** A task's network interface is attached. */
  provisioning: number
  /** From the last container's start to RUNNING; a container that ends within it never made its task RUNNING. */
  activating: number
  /** A task leaves its load balancer before its containers are stopped. */
  deactivating: number
  deprovisioning: number
  /** How long all must be as wanted before the service has reached a steady state. */
  settling: number
  /** A service deployment stays PENDING, STOP_REQUESTED or ROLLBACK_REQUESTED for this long. */
  transition: number
  /** Waits before new tasks are started after tasks that never ran: the first, and the longest; each is twice the one before. */
  backOff: { first: number; longest: number }
  /**
   * How long alarms are watched after the service settled. AWS computes it from the alarms and does not let it be set:
   * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
   */
  bake: number
  /** Until an attempt to place a task counts as failed; nothing is said meanwhile but what the service event says. */
  placement: number
  /** Health checks of target groups. */
  targetChecks: { interval: number; timeout: number; retries: number }
  /** How long a stopped task can be described. */
  stoppedTasksVisible: number
}

export const usualPace: Pace = {
  provisioning: 1_000,
  activating: 1_000,
  deactivating: 500,
  deprovisioning: 200,
  settling: 1_000,
  transition: 300,
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-throttle-logic.html: up to 27 minutes
  backOff: { first: 1_000, longest: 27 * 60_000 },
  bake: 60_000,
  placement: 15 * 60_000,
  targetChecks: { interval: 5_000, timeout: 2_000, retries: 2 },
  stoppedTasksVisible: 3_600_000,
}
