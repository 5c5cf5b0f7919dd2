import type { Invocation } from '../../place.ts'
import type { Proof } from '../../target.ts'
import { readAlias, readCode } from './functions.ts'
import { type Pace, Stopped } from './pace.ts'
import { invoke, problemOf } from './smoke.ts'
import { isBusy, isSound, stateOf, versionName } from './state.ts'
import { isOfCaller, type Work } from './update.ts'

const ATTEMPTS = 6

export type Expectation = {
  expected: Record<string, string>
  aliases: ReadonlyMap<string, readonly string[]>
  /** Functions whose alias may be missing, as it was before: there `$LATEST` is what serves. */
  unaliased: ReadonlySet<string>
  /** What is asked through the alias; undefined for functions that are not to be invoked. */
  smokeOf(name: string): Invocation | undefined
}

/** `final`: it is not asked again. */
type Look = { digest?: string; problem?: string; final?: boolean }

/** What serves under the alias is the expected digest, by `CodeSha256` and, where it may be asked, by who answers, and how. */
export const proveFunctions = async (work: Work, { expected, aliases, unaliased, smokeOf }: Expectation): Promise<Proof> => {
  const { functions, pace } = work
  const answered = new Map<string, Look>()

  const look = async (name: string, digest: string): Promise<Look> => {
    const alias = await pace.read(() => readAlias(functions, name))
    if (alias === undefined && !unaliased.has(name)) return { problem: `${name} has no alias '${functions.alias}'` }
    const code = await pace.read(() => readCode(functions, name, alias?.version))
    const called = versionName(name, alias?.version)
    if (isBusy(code)) return { problem: `${called} is not ready: ${stateOf(code)}` }
    if (code.digest !== digest && !aliases.get(digest)?.includes(code.digest))
      return { digest: code.digest, problem: `${called} runs ${code.digest}, expected ${digest}` }
    if (!isSound(code)) return { digest: code.digest, problem: `${called} is not ready: ${stateOf(code)}` }
    const shares = Object.keys(alias?.weights ?? {})
    if (shares.length > 0) {
      const problem = `${called} runs ${code.digest}, but version ${shares.join(', ')} has a share of the traffic`
      return { digest: code.digest, problem }
    }
    const smoke = alias && smokeOf(name)
    if (smoke === undefined) return { digest: code.digest }
    const answer = answered.get(name) ?? (await ask(work, name, alias?.version ?? '', smoke))
    if (answer.final) answered.set(name, answer)
    return { digest: code.digest, ...answer }
  }

  for (let attempt = 1; ; attempt += 1) {
    const names = Object.entries(expected)
    const looked = await Promise.all(names.map(([name, digest]) => look(name, digest).catch((error) => unknown(name, error))))
    const [first] = looked
    const found = first?.digest === undefined ? {} : { digest: first.digest }
    const problems = looked.flatMap(({ problem }) => problem ?? [])
    if (problems.length === 0) return { proven: true, digest: first?.digest ?? '' }
    const isFinal = looked.some(({ problem, final }) => problem !== undefined && final)
    if (isFinal || attempt === ATTEMPTS || !(await isInTime(pace)))
      return { proven: false, ...found, problem: problems.join('; ') }
  }
}

/** Waits until the next attempt is due. False where the time is over: what was found so far is the answer. */
const isInTime = async (pace: Pace): Promise<boolean> => {
  try {
    pace.check()
    await pace.pause()
    return true
  } catch (error) {
    if (!(error instanceof Stopped)) throw error
    return false
  }
}

/** An event may do something: once our version has had it, or may have, it is not sent again. */
const ask = async (work: Work, name: string, version: string, smoke: Invocation): Promise<Look> => {
  const final = 'event' in smoke
  try {
    const answer = await invoke(work, name, work.functions.alias, smoke)
    // For some moments after a switch the version before may answer.
    const { executedVersion } = answer
    if (executedVersion !== version) return { problem: `${name} was answered by version ${executedVersion}, expected ${version}` }
    const problem = problemOf(smoke, answer)
    return { final, ...(problem !== undefined && { problem: `${name}: '${work.functions.alias}' was invoked: ${problem}` }) }
  } catch (error) {
    return { final, ...unknown(name, error) }
  }
}

/** What is not known is not proven, so that it goes back; what has lost its credentials cannot see to that. */
const unknown = (name: string, error: unknown): Look => {
  if (isOfCaller(error)) throw error
  return { problem: `it is not known what answers for ${name}: ${(error as Error).message}` }
}
