import type { Pull, Pulls } from '../../../lib/github/pulls.ts'
import { withSection } from './section.ts'

export type Wanted = {
  head: string
  base: string
  /** Of a new one; a title is never taken from people. */
  title: string
  section: (most: number) => string
}

export type Opened =
  | { outcome: 'opened' | 'refreshed' | 'unchanged'; pull: Pull | undefined }
  | { outcome: 'nothing'; reason: string }

/**
 * One open pull request for a pair of branches: the one that is there is refreshed, and only where it differs. In a dry run
 * nothing is written, and a pull request that would be opened is undefined.
 */
export const openPull = async (pulls: Pulls, wanted: Wanted, dryRun: boolean): Promise<Opened> => {
  const { head, base, title, section } = wanted
  const [present] = await pulls.open(base, head)
  if (present !== undefined) return refresh(pulls, present, section, dryRun)
  if (dryRun) return { outcome: 'opened', pull: undefined }
  const pull = await pulls.create({ title, body: withSection('', section) ?? '', head, base })
  if (pull !== undefined) return { outcome: 'opened', pull }
  // Somebody was faster, or the branches became equal.
  const [other] = await pulls.open(base, head)
  return other === undefined
    ? { outcome: 'nothing', reason: `GitHub sees nothing in ${head} that ${base} lacks` }
    : refresh(pulls, other, section, dryRun)
}

const refresh = async (pulls: Pulls, pull: Pull, section: Wanted['section'], dryRun: boolean): Promise<Opened> => {
  const body = withSection(pull.body, section)
  if (body === undefined || body === pull.body.replaceAll('\r\n', '\n')) return { outcome: 'unchanged', pull }
  if (!dryRun) await pulls.update(pull.number, { body })
  return { outcome: 'refreshed', pull }
}
