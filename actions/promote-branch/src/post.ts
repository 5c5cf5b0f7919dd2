import { promotionContext } from '../../../lib/github/promotion.ts'
import type { Pull } from '../../../lib/github/pulls.ts'
import { Refusal } from '../../../lib/refusal.ts'
import type { Downstream } from './environments.ts'
import type { Settings } from './gate.ts'
import { cut } from './inert.ts'
import type { Ports } from './ports.ts'
import type { Verdict } from './verdict.ts'

/** GitHub refuses a longer one. */
const LONGEST = 140

/**
 * Posts a verdict about the merge into this environment, unless the head says the same already: GitHub keeps a thousand
 * statuses for a commit and a context, and the gate is asked again and again. The token of a pull request from a fork may not
 * write; there the answer is in the log alone.
 */
export const postVerdict = async (
  { runUrl, dryRun }: Pick<Settings, 'runUrl' | 'dryRun'>,
  { statuses }: Pick<Ports, 'statuses'>,
  { head }: Pull,
  { name }: Pick<Downstream, 'name'>,
  { state, reason }: Verdict,
): Promise<'posted' | 'unchanged' | 'not-permitted'> => {
  const context = promotionContext(name)
  const description = cut(reason, LONGEST)
  try {
    const last = await statuses.latest(head.commit, context)
    if (last?.state === state && last.description === description) return 'unchanged'
    if (!dryRun) await statuses.post(head.commit, { context, state, description, targetUrl: runUrl })
    return 'posted'
  } catch (error) {
    if (head.isFork && error instanceof Refusal) return 'not-permitted'
    throw error
  }
}
