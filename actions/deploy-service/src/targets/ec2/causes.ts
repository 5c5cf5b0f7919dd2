import { EXITS, type HostVerdict } from '../../../../../lib/host/verdict.ts'
import type { Cause } from '../../target.ts'
import type { Ended } from './follow.ts'

/** Why one host is not where it should be. */
export type Failure = {
  host: string
  /** Failures with one key have one cause. */
  key: string
  reason: string
  remedy?: string
  log: readonly string[]
}

/** What to do about each exit code of the on-host program, see `EXITS`. */
const REMEDIES: Readonly<Record<number, string>> = {
  20: 'wait for the deployment that holds the lock, or see why it does not end',
  21: 'look at the host now: it may not be serving',
  22: "see the reason: free disk space, a running Docker, and an instance role that may pull from the registry and read the service's parameters",
  23: 'see the reason: the image must be in the registry for the platform of the host, and its command must start',
  24: 'the new container never got a request: check its health path, its start-up time and what it needs to start',
  25: 'the new container answered at first and failed under requests: read its log',
  26: 'the container that ran before is gone from the host, and so is its image: deploy it by its digest',
  27: 'the command itself failed: read its log',
}

/** What went wrong on a host; undefined where the program says that all went well. */
export const failureOf = (host: string, ended: Ended): Failure | undefined => {
  if (ended.state === 'ended') return failureOfVerdict(host, ended.verdict)
  const remedy =
    ended.state === 'unreached'
      ? 'the host was not changed: check its SSM agent and its network'
      : 'nobody saw how far the program came: it is asked what runs there'
  return { host, key: `${ended.state} ${ended.reason}`, reason: ended.reason, remedy, log: [] }
}

const failureOfVerdict = (host: string, { exit, reason, log, holder }: HostVerdict): Failure | undefined => {
  if (exit === 0) return undefined
  const means = EXITS[exit]?.means ?? `the on-host program ended with ${exit}`
  const remedy = REMEDIES[exit]
  return {
    host,
    key: `${exit} ${withoutIds(reason)}`,
    reason: `exit ${exit}: ${[means, exit === 20 ? holder : '', reason].filter((part) => part !== '').join(': ')}`,
    ...(remedy !== undefined && { remedy }),
    log,
  }
}

const withoutIds = (text: string): string => text.replaceAll(/[0-9a-f]{8,}/g, '…').replaceAll(/\d+/g, '…')

/** Groups equal failures, most frequent first. */
export const groupCauses = (failures: readonly Failure[], container: string): Cause[] =>
  [...Map.groupBy(failures, ({ key }) => key).values()]
    .map((group): Cause => {
      const [{ reason, remedy }] = group as [Failure]
      const log = group.map((failure) => failure.log).find((lines) => lines.length > 0)
      return {
        reason: `${group.map(({ host }) => host).join(', ')}: ${reason}`,
        count: group.length,
        container,
        ...(remedy !== undefined && { remedy }),
        ...(log && { log: [...log] }),
      }
    })
    .toSorted((one, other) => other.count - one.count)
