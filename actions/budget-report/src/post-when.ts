import type { Status } from './budget.ts'
import type { EnvironmentReport } from './environment-report.ts'

/** Status of each environment at the last report, and where the last message stands; kept by the workflow between runs. */
export type State = { statuses: Record<string, Status>; ts?: string; day?: string }

export const NONE: State = { statuses: {} }

export type PostWhen = 'always' | 'over-threshold' | 'changed'

const RED: readonly Status[] = ['over', 'at risk']

export const isRed = (status: Status): boolean => RED.includes(status)

type Reported = Pick<EnvironmentReport, 'status' | 'incomplete'> & { place: { environment: string } }

const changed = (reports: readonly Reported[], { statuses }: State): boolean =>
  reports.some(({ place, status }) => statuses[place.environment] !== status)

/** Whether the reports are to be posted. A report that is incomplete always is: silence would look like a good report. */
export const isPosted = (when: PostWhen, reports: readonly Reported[], state: State): boolean => {
  if (when === 'always' || reports.some(({ incomplete }) => incomplete)) return true
  return when === 'changed' ? changed(reports, state) : reports.some(({ status }) => isRed(status))
}

/** Whether somebody is to be called: something turned red that was not. */
export const turnedRed = (reports: readonly Reported[], { statuses }: State): boolean =>
  reports.some(({ place, status }) => isRed(status) && !isRed(statuses[place.environment] ?? 'unknown'))

/** What to remember. An environment that is not in this report, or of which nothing could be read, keeps what was remembered of it. */
export const stateAfter = (reports: readonly Reported[], before: State, message: { ts?: string; day: string }): State => ({
  statuses: {
    ...before.statuses,
    ...Object.fromEntries(
      reports
        .filter(({ status, incomplete }) => !(incomplete && status === 'unknown'))
        .map(({ place, status }) => [place.environment, status]),
    ),
  },
  ...(message.ts !== undefined
    ? { ts: message.ts, day: message.day }
    : before.ts !== undefined && { ts: before.ts, day: before.day ?? '' }),
})

/** Reads what `stateAfter` gave. Anything else is as if there were nothing: it comes from a cache. */
export const parseState = (text: string): State => {
  try {
    const { statuses, ts, day } = JSON.parse(text)
    if (typeof statuses !== 'object' || statuses === null) return NONE
    return { statuses, ...(typeof ts === 'string' && typeof day === 'string' && { ts, day }) }
  } catch {
    return NONE
  }
}
