import {
  DeleteFunctionCommand,
  type FunctionConfiguration,
  paginateListAliases,
  paginateListVersionsByFunction,
} from '@aws-sdk/client-lambda'
import { call, isNamed } from '../../../../../lib/aws/errors.ts'
import type { TargetTools } from '../../target.ts'
import { type Functions, readProvisioned } from './functions.ts'
import { MARK } from './read.ts'

/** Versions that this action published and that nothing needs any more are kept up to so many. */
const KEPT = 5
/** A deployment is not to be kept waiting by what many others left. */
const AT_ONCE = 10
const LONGEST = 20_000

/** Oldest first. Only what this action published; never what an alias, a weight or a deployment under way may need. */
export const obsolete = (versions: readonly FunctionConfiguration[], spared: ReadonlySet<string>): string[] => {
  const ours = versions.filter(({ Description = '' }) => Description.startsWith(MARK)).map(({ Version = '' }) => Version)
  const newestFirst = ours.filter((version) => /^\d+$/.test(version)).toSorted((one, other) => Number(other) - Number(one))
  return newestFirst
    .slice(KEPT)
    .filter((version) => !spared.has(version))
    .toReversed()
    .slice(0, AT_ONCE)
}

/** Deletes old versions of one function. A version that turns out to be in use stays; trouble is only said. */
export const deleteOldVersions = async (
  functions: Functions,
  { log, clock }: Pick<TargetTools, 'log' | 'clock'>,
  name: string,
  before: string | undefined,
): Promise<void> => {
  const { lambda, once } = functions
  const end = clock.monotonic() + LONGEST
  try {
    const versions = await all(
      paginateListVersionsByFunction({ client: lambda }, { FunctionName: name }),
      ({ Versions }) => Versions,
    )
    if (obsolete(versions, new Set()).length === 0) return
    const aliases = await all(paginateListAliases({ client: lambda }, { FunctionName: name }), ({ Aliases }) => Aliases)
    const spared = new Set(
      aliases.flatMap(({ FunctionVersion = '', RoutingConfig }) => [
        FunctionVersion,
        ...Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {}),
      ]),
    )
    if (before !== undefined) spared.add(before)
    for (const version of obsolete(versions, spared)) {
      if (clock.monotonic() > end) return
      if ((await readProvisioned(functions, name, version)) !== undefined) continue
      const command = new DeleteFunctionCommand({ FunctionName: name, Qualifier: version })
      const isGone = await call('lambda:DeleteFunction', () => once.send(command)).then(() => true, isInUse)
      if (isGone) log.info(`  ${name}: deleted version ${version}, which nothing uses any more`)
    }
  } catch (error) {
    log.notice(`old versions of ${name} stay: ${(error as Error).message}`)
  }
}

const isInUse = (error: unknown): false => {
  if (!isNamed(error, 'ResourceConflictException')) throw error
  return false
}

const all = async <Page, T>(pages: AsyncIterable<Page>, items: (page: Page) => T[] | undefined): Promise<T[]> => {
  const found: T[] = []
  for await (const page of pages) found.push(...(items(page) ?? []))
  return found
}
