import { Refusal } from '../../lib/refusal.ts'
import type { Desired } from './desired.ts'
import type { ObservedRepository } from './observed.ts'

/** What of `delivery.json` does not name the repository that GitHub has under this name; the roles would trust another. */
export const repositoryDifferences = ({ repository: wanted }: Desired, found: ObservedRepository): string[] => {
  const pairs: [string, string | number, string | number][] = [
    ['repository.owner', wanted.owner, found.owner],
    ['repository.ownerId', wanted.ownerId, found.ownerId],
    ['repository.name', wanted.name, found.name],
    ['repository.id', wanted.id, found.id],
  ]
  return pairs.flatMap(([key, said, is]) =>
    said === is ? [] : [`${key} in delivery.json is ${JSON.stringify(said)}, GitHub says ${JSON.stringify(is)}`],
  )
}

export const checkRepository = (desired: Desired, found: ObservedRepository): void => {
  const differences = repositoryDifferences(desired, found)
  if (differences.length > 0)
    throw new Refusal(`${differences.join('\n')}\nmend delivery.json, or the token's repository; nothing was changed`)
}
