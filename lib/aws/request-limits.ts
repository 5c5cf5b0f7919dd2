export type RequestLimits = {
  requestTimeout: number
  socketTimeout: number
  connectionTimeout: number
  throwOnRequestTimeout: true
}

/**
 * Makes an SDK client give a request up after that many milliseconds without an answer, or in the middle of one: the SDK's
 * `requestTimeout` ends with the head of an answer, and its own limit for the body is a quarter of an hour.
 */
export const requestLimits = (milliseconds: number): RequestLimits => ({
  requestTimeout: milliseconds,
  socketTimeout: milliseconds,
  connectionTimeout: Math.min(milliseconds, 5_000),
  throwOnRequestTimeout: true,
})
