/** A registry's answer that is an error. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError'
  readonly status: number
  /** Milliseconds that the registry asked to wait. */
  readonly retryAfter: number | undefined

  constructor(message: string, status: number, retryAfter?: number) {
    super(message)
    this.status = status
    this.retryAfter = retryAfter
  }
}

export type Retry = {
  attempts: number
  sleep(milliseconds: number): Promise<void>
  /** From 0 to 1. */
  random(): number
  /** Told before each wait. */
  onRetry?(error: Error, milliseconds: number): void
}

const NETWORK =
  /^(ECONNRESET|ECONNREFUSED|ECONNABORTED|EPIPE|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ERR_STREAM_PREMATURE_CLOSE)$/

/** Whether the same request may succeed a moment later. */
export const isTransient = (error: unknown): boolean => {
  if (error instanceof RegistryError) return error.status === 408 || error.status === 429 || error.status >= 500
  if (!(error instanceof Error)) return false
  return error.name === 'TimeoutError' || ('code' in error && NETWORK.test(String(error.code)))
}

const FIRST_WAIT = 500
const LONGEST_WAIT = 20_000
/** Of what a registry asks for; longer than this is not a moment. */
const LONGEST_RETRY_AFTER = 60_000

/** Full jitter: clients that failed together do not come back together. A registry's own wish is the least that is waited. */
export const waitBefore = (attempt: number, random: number, retryAfter = 0): number =>
  Math.min(retryAfter, LONGEST_RETRY_AFTER) + Math.round(random * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** attempt))

/** Runs a whole operation again while its errors are transient. The operation must be safe to repeat. */
export const withRetry = async <T>({ attempts, sleep, random, onRetry }: Retry, operation: () => Promise<T>): Promise<T> => {
  for (let attempt = 0; ; attempt++) {
    try {
      return await operation()
    } catch (error) {
      if (attempt + 1 >= attempts || !isTransient(error) || !(error instanceof Error)) throw error
      const wait = waitBefore(attempt, random(), error instanceof RegistryError ? error.retryAfter : undefined)
      onRetry?.(error, wait)
      await sleep(wait)
    }
  }
}

/** The header is seconds or a date (RFC 9110, 10.2.3). */
export const parseRetryAfter = (header: string | undefined, now: number): number | undefined => {
  if (header === undefined) return undefined
  const wait = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now
  return Number.isNaN(wait) ? undefined : Math.max(0, wait)
}
