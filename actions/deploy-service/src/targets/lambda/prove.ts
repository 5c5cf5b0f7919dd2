import type { Proof, TargetTools } from '../../target.ts'
import { type Functions, readAlias, readCode } from './functions.ts'
import { isSound, versionName } from './state.ts'

const ATTEMPTS = 6

export type Expectation = {
  expected: Record<string, string>
  aliases: ReadonlyMap<string, readonly string[]>
  /** Functions whose alias may be missing, as it was before: there `$LATEST` is what serves. */
  unaliased: ReadonlySet<string>
  /** Which version an invocation through the alias is answered by, for functions that may be invoked. */
  executedVersion(name: string): Promise<string | undefined>
}

/** What serves under the alias is the expected digest, by `CodeSha256` and, where it may be asked, by who answers. */
export const proveFunctions = async (
  functions: Functions,
  { clock, pollInterval }: TargetTools,
  { expected, aliases, unaliased, executedVersion }: Expectation,
): Promise<Proof> => {
  const look = async (name: string, digest: string): Promise<{ digest?: string; problem?: string }> => {
    const alias = await readAlias(functions, name)
    if (alias === undefined && !unaliased.has(name)) return { problem: `${name} has no alias '${functions.alias}'` }
    const code = await readCode(functions, name, alias?.version)
    const what = `${versionName(name, alias?.version)} runs ${code.digest}`
    if (code.digest !== digest && !aliases.get(digest)?.includes(code.digest))
      return { digest: code.digest, problem: `${what}, expected ${digest}` }
    if (!isSound(code)) return { digest: code.digest, problem: `${versionName(name, alias?.version)} is ${code.state}` }
    const shares = Object.keys(alias?.weights ?? {})
    if (shares.length > 0)
      return { digest: code.digest, problem: `${what}, but version ${shares.join(', ')} has a share of the traffic` }
    const executed = alias && (await executedVersion(name))
    return executed === undefined || executed === alias?.version
      ? { digest: code.digest }
      : { digest: code.digest, problem: `${name} was answered by version ${executed}, expected ${alias?.version}` }
  }
  for (let attempt = 1; ; attempt += 1) {
    const looked = await Promise.all(Object.entries(expected).map(([name, digest]) => look(name, digest)))
    const [first] = looked
    const found = first?.digest === undefined ? {} : { digest: first.digest }
    const problems = looked.flatMap(({ problem }) => problem ?? [])
    if (problems.length === 0) return { proven: true, digest: first?.digest ?? '' }
    if (attempt === ATTEMPTS) return { proven: false, ...found, problem: problems.join('; ') }
    await clock.sleep(pollInterval)
  }
}
