import type { TargetTools } from './target.ts'

export type Smoke = {
  /** Address that answers 2xx, in JSON with a field `version` where `version` is given. */
  url: string
  /** The content tag that is to answer. */
  version?: string
}

const ATTEMPTS = 10

/** Undefined where the service answers as it should. Asked again for a while: a load balancer follows some seconds later. */
export const smokeTest = async (
  { url, version }: Smoke,
  { clock }: Pick<TargetTools, 'clock'>,
  timeout: number,
): Promise<string | undefined> => {
  let problem = ''
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    problem = await ask(url, version, timeout)
    if (problem === '') return undefined
    if (attempt < ATTEMPTS) await clock.sleep(2_000)
  }
  return problem
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
