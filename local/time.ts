/** The one clock of the local cloud: every timer of every service is divided by one factor. */
export type Time = {
  /** How many nominal seconds pass in one real second. 1 is AWS's own pace. */
  readonly factor: number
  now(): Date
  /** Calls back after that many nominal milliseconds. Returns a function that prevents it. */
  after(milliseconds: number, callback: () => void): () => void
  /** Rejects with the signal's reason when it is aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
}

export const scaledTime = (factor = 1): Time => {
  const after: Time['after'] = (milliseconds, callback) => {
    const timer = setTimeout(callback, milliseconds / factor)
    return () => clearTimeout(timer)
  }
  return {
    factor,
    now: () => new Date(),
    after,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted()
        const cancel = after(milliseconds, resolve)
        signal?.addEventListener('abort', () => {
          cancel()
          reject(signal.reason)
        })
      }),
  }
}
