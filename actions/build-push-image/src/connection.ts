import { CONCURRENT_BLOBS } from '../../../lib/oci/push.ts'
import { openRegistry, type Registry } from '../../../lib/oci/registry.ts'
import type { Retry } from '../../../lib/oci/retry.ts'
import type { Ports } from './ports.ts'

export type ConnectionOptions = Pick<Ports, 'clock' | 'random' | 'log' | 'ledger' | 'signal'> & {
  /** Under which its requests are counted. */
  label: 'registry' | 'source'
  repository: string
  token: string
  address: string
  requestTimeout: number
}

const ATTEMPTS = 6

export const connect = ({ clock, ledger, label, requestTimeout, ...registry }: ConnectionOptions): Registry =>
  openRegistry({
    ...registry,
    connections: CONCURRENT_BLOBS,
    idle: requestTimeout,
    now: clock.now,
    onRequest: (name) => ledger.count(`${label}: ${name}`),
  })

/** How what is sent to a registry is tried again. Cancelling ends the wait. */
export const retryOf = ({ clock, random, log, signal }: Pick<Ports, 'clock' | 'random' | 'log' | 'signal'>): Retry => ({
  attempts: ATTEMPTS,
  sleep: (wait) => clock.sleep(wait, signal),
  random,
  onRetry: (error, wait) => log.info(`${error.message}; again in ${Math.round(wait / 100) / 10} s`),
})
