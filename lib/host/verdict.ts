export const OPERATIONS = ['deploy', 'rollback', 'run', 'status', 'reconcile'] as const
export type Operation = (typeof OPERATIONS)[number]

/** How an operation ended. `noop`: the release asked for served already; `failed`: see `exit` and `reason`. */
export const RESULTS = ['deployed', 'rolled-back', 'noop', 'ran', 'reconciled', 'reported', 'busy', 'failed'] as const
export type HostResult = (typeof RESULTS)[number]

/** What the program on a host says of itself: the first line that it prints, under 2,000 characters, whatever happened. */
export type HostVerdict = {
  v: 1
  operation: Operation
  /** The step that was being done last: lock, reconcile, preflight, pull, start, gate, switch, bake, commit, drain, prune, done. */
  phase: string
  result: HostResult
  /** Exit code, one of `EXITS`. */
  exit: number
  /** Release that serves, as the host's state says; empty before the first deployment. */
  active: string
  /** Release that served before it. */
  previous: string
  /** Full reference by digest of the image of `previous`, as the host's state says; empty where there is none. */
  previous_image?: string
  /** `sha256:…` of the image of the active container, from the engine and not from the state; empty where there is none. */
  digest: string
  /** Full reference of that image. */
  image: string
  /** What the active container answers on `/version`; empty where it has none or was not asked. */
  version: string
  /** The active container runs, and the proxy sends it requests if it has a port. */
  running: boolean
  /** Release that was switched to and not yet committed, where a deployment was killed. */
  pending: string
  /** Release of the operation that holds the host's lock; empty while nobody else does, `none` where it was given no release. */
  holder: string
  /** What that operation is; empty while nobody else holds the lock, or where its name was not found. */
  holder_operation?: string
  /** Seconds that requests in flight on the old version were waited for. */
  drain_s: number
  /** Milliseconds of each step. */
  phases: Record<string, number>
  /** Empty where all went well. */
  reason: string
  /** Last lines that the container printed, where it is the cause; masked. */
  log: string[]
}

type Exit = { means: string; oldServes: boolean | undefined }

/** Every exit code of the program. Anything else is the agent's: 137 a timeout or a cancel, at any step. */
export const EXITS: Readonly<Record<number, Exit>> = {
  0: { means: 'done', oldServes: undefined },
  20: { means: 'another operation holds the lock of the service on this host', oldServes: true },
  21: { means: 'what is to run could not be brought back, or is not on record', oldServes: undefined },
  22: { means: 'the host is not fit for it, or may not read the registry or the parameters', oldServes: true },
  23: { means: 'the image could not be pulled or started', oldServes: true },
  24: {
    means: 'the candidate did not become healthy or failed its smoke test, and was removed before it got a request',
    oldServes: true,
  },
  25: { means: 'the new version failed after the switch, and was switched back', oldServes: true },
  26: { means: 'the release to go back to is not on this host', oldServes: true },
  27: { means: 'the command failed', oldServes: true },
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const TEXTS = ['phase', 'active', 'previous', 'digest', 'image', 'version', 'pending', 'holder', 'reason'] as const
/** Where they are missing, the program is older than they are. */
const LATER_TEXTS = ['previous_image', 'holder_operation'] as const

const isVerdict = (value: unknown): value is HostVerdict =>
  isRecord(value) &&
  value['v'] === 1 &&
  OPERATIONS.some((each) => each === value['operation']) &&
  RESULTS.some((each) => each === value['result']) &&
  TEXTS.every((key) => typeof value[key] === 'string') &&
  LATER_TEXTS.every((key) => value[key] === undefined || typeof value[key] === 'string') &&
  [value['exit'], value['drain_s']].every((number) => typeof number === 'number') &&
  typeof value['running'] === 'boolean' &&
  isRecord(value['phases']) &&
  Object.values(value['phases']).every((milliseconds) => typeof milliseconds === 'number') &&
  Array.isArray(value['log']) &&
  value['log'].every((line) => typeof line === 'string')

/** The verdict of what a host printed; undefined where its first line is none, or was cut. */
export const parseVerdict = (stdout: string): HostVerdict | undefined => {
  const [line = ''] = stdout.split('\n', 1)
  try {
    const value: unknown = JSON.parse(line)
    return isVerdict(value) ? value : undefined
  } catch {
    return undefined
  }
}
