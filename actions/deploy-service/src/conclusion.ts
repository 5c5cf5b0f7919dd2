import { gravest, type Outcome } from './outcome.ts'
import type { ServiceResult } from './request.ts'

/** How a run ended: what became of each service, and of the whole. */
export type Conclusion = {
  outcome: Outcome
  /** Where no service is concerned: why it ended so. */
  reason?: string
  results: ServiceResult[]
  /** For the job summary. */
  notes: string[]
  /** Id of the release that stands recorded now. */
  release?: string
}

export const concluded = (results: ServiceResult[], notes: readonly string[], release?: string): Conclusion => ({
  outcome: gravest(results.map(({ outcome }) => outcome)),
  results,
  notes: [...notes],
  ...(release !== undefined && { release }),
})
