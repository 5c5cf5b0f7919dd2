import type { Configuration } from '../../lib/delivery/configuration.ts'
import type { GitHubClient } from '../../lib/github/client.ts'
import { apply } from './apply.ts'
import { planChanges } from './changes.ts'
import { desiredState } from './desired.ts'
import { explainGitHub } from './github-error.ts'
import { observe } from './observe.ts'
import type { Change } from './plan.ts'
import { checkRepository } from './repository.ts'

/**
 * Prints what is missing in the repository, and makes it where `isApplied`. Resolves to whether nothing is left to do, for this or
 * for a person. Rejects with a `Refusal` where the repository is not that of the configuration.
 */
export const setUp = async (
  client: GitHubClient,
  configuration: Configuration,
  isApplied: boolean,
  print: (line: string) => void,
): Promise<boolean> => {
  const desired = desiredState(configuration)
  const observed = await observe(client, desired)
  checkRepository(desired, observed.repository)
  const { changes, kept, open } = planChanges(desired, observed)
  print(`${client.owner}/${client.repo} (id ${observed.repository.id})`)
  const failed = await carryOut(changes, print, isApplied ? (change) => apply(client, change) : undefined)
  for (const line of kept) print(`= ${line}: stricter than needed, stays`)
  for (const line of open) print(`! ${line}`)
  print(conclusion(changes.length, failed, open.length, isApplied))
  return failed === 0 && open.length === 0 && (isApplied || changes.length === 0)
}

type Send = (change: Change) => Promise<void>

/** One after the other, since later ones build on earlier ones; each is printed before it is sent. Resolves to how many failed. */
const carryOut = async (changes: Change[], print: (line: string) => void, send: Send | undefined): Promise<number> => {
  let failed = 0
  for (const change of changes) {
    print(change.line)
    await send?.(change).catch((error: unknown) => {
      const explained = explainGitHub(error)
      if (explained === undefined) throw error
      failed++
      print(`  failed: ${explained}`)
    })
  }
  return failed
}

const conclusion = (changes: number, failed: number, open: number, isApplied: boolean): string => {
  const rest = open > 0 ? `; ${open} left to you, marked with !: \`npm run doctor -- --only github\` says how` : ''
  if (changes === 0) return `nothing is missing${rest}`
  if (!isApplied) return `${changes} changes, of which none was made: add --apply to make them${rest}`
  return `${changes - failed} of ${changes} changes made${rest}`
}
