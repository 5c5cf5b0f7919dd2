import type { ImageContent } from '../../../lib/oci/layout.ts'
import { CONCURRENT_BLOBS, type Pushed, pushImage } from '../../../lib/oci/push.ts'
import { openRegistry } from '../../../lib/oci/registry.ts'
import type { Ports } from './ports.ts'

type Options = Pick<Ports, 'clock' | 'random' | 'log' | 'ledger' | 'signal'> & {
  repository: string
  token: string
  address: string
  requestTimeout: number
}

const ATTEMPTS = 6

/** What it answers with pushes one image by digest, and is then of no more use. */
export const uploadTo = ({ clock, random, log, ledger, signal, requestTimeout, ...registry }: Options) => {
  const connection = openRegistry({
    ...registry,
    signal,
    connections: CONCURRENT_BLOBS,
    idle: requestTimeout,
    now: clock.now,
    onRequest: (name) => ledger.count(`registry: ${name}`),
  })
  const onRetry = (error: Error, wait: number): void => log.info(`${error.message}; again in ${Math.round(wait / 100) / 10} s`)
  const retry = { attempts: ATTEMPTS, sleep: (wait: number) => clock.sleep(wait, signal), random, onRetry }
  return async (image: ImageContent): Promise<Pushed> => {
    try {
      return await pushImage(image, connection, retry)
    } finally {
      connection.close()
    }
  }
}
