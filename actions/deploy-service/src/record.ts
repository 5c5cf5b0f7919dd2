import { NOT_HELD, recordNames } from '../../../lib/delivery/records.ts'
import { keepImages } from './keep.ts'
import type { Looked } from './look.ts'
import { isGreen } from './outcome.ts'
import { type Author, changedRecords, type Records } from './records.ts'
import type { Registry } from './registry.ts'
import type { ServiceResult } from './request.ts'
import type { TargetTools } from './target.ts'

export type Recording = { author: Author; registry: Registry; records: Records; tools: TargetTools }

export type RecordedResults = { results: ServiceResult[]; notes: string[]; release?: string }

/**
 * Keep tags, image records, the release: in this order, so that a run that is killed in between leaves nothing that
 * names more than is true. A hotfix then lets automation go on. Red when it fails although the digest runs: what is not
 * on record is not promoted.
 */
export const record = async (
  { plan, images, recorded }: Looked,
  results: ServiceResult[],
  { author, registry, records, tools }: Recording,
): Promise<RecordedResults> => {
  if (plan === undefined) return { results, notes: [] }
  const write = async (parameter: string, value: string): Promise<string> => {
    await records.write(parameter, value)
    tools.log.info(`recorded ${parameter}`)
    return `Recorded ${parameter}.`
  }
  try {
    const { release, isNew, parameters } = changedRecords(plan, results, recorded, author)
    const kept = release === undefined || !isNew ? [] : await keepImages(plan, release, images, registry, tools)
    const notes = parameters.length === 0 ? ['The records were right already.'] : []
    for (const [parameter, value] of parameters) notes.push(await write(parameter, value))
    const { hold } = recordNames(plan.project, plan.environment)
    const isOver = plan.kind === 'hotfix' && recorded.hold !== undefined && results.every(({ outcome }) => isGreen(outcome))
    // A hold that somebody set meanwhile is not ours to clear.
    if (isOver && (await records.read([hold])).get(hold) === recorded.holdValue) notes.push(await write(hold, NOT_HELD))
    return { results, notes: [...kept, ...notes], ...(release !== undefined && { release }) }
  } catch (error) {
    const reason = `the digest runs and was proven, but the release is not recorded: ${(error as Error).message}; run again to record it`
    return { results: results.map((result) => ({ ...result, outcome: 'failed-not-rolled-back', reason })), notes: [] }
  }
}
