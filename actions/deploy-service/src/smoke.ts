import type { TargetTools } from './target.ts'

export type Smoke = {
  /** Address that answers 2xx, in JSON with a field `version` where `version` is given. */
  url: string
  /** The content tag that is to answer. */
  version?: string
}

type Patience = { requestTimeout: number; smokeTimeout: number }

/** Undefined where the service answers as it should; otherwise what it last did instead. */
export const smokeTest = async (
  { url, version }: Smoke,
  { clock, pollInterval }: Pick<TargetTools, 'clock' | 'pollInterval'>,
  { requestTimeout, smokeTimeout }: Patience,
): Promise<string | undefined> => {
  const deadline = clock.monotonic() + smokeTimeout
  for (;;) {
    const problem = await ask(url, version, requestTimeout)
    if (problem === '') return undefined
    if (clock.monotonic() + pollInterval > deadline) return problem
    await clock.sleep(pollInterval)
  }
}

const ask = async (url: string, version: string | undefined, timeout: number): Promise<string> => {
  try {
    const answer = await fetch(url, {
      signal: AbortSignal.timeout(timeout),
      headers: { 'cache-control': 'no-cache' },
      redirect: 'manual',
    })
    if (!answer.ok) return `${url} answered ${answer.status}`
    if (version === undefined) return ''
    const body: unknown = await answer.json().catch(() => undefined)
    const actual = typeof body === 'object' && body !== null && 'version' in body ? body.version : undefined
    return actual === version ? '' : `${url} answers with version ${actual ?? '(none)'}, expected ${version}`
  } catch (error) {
    return `${url} cannot be reached: ${(error as Error).message}`
  }
}
