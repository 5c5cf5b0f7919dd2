import type { Seen } from '../setup/observed.ts'

/**
 * `wrong`: deliveries fail, or somebody can do what they should not. `weak`: known, and nothing that a command mends. `unseen`: could
 * not be looked at, which is not the same as fine.
 */
export type Status = 'ok' | 'wrong' | 'weak' | 'unseen'

export type Finding = {
  /** What was looked at: the repository, or an account. */
  place: string
  status: Status
  message: string
  /** The command that mends it, or what to do where there is none. */
  mend?: string
}

export type Report = (status: Status, message: string, mend?: string) => Finding

export const reporter =
  (place: string): Report =>
  (status, message, mend) => ({ place, status, message, ...(mend !== undefined && { mend }) })

/** Whether a person must look again before a delivery. */
export const isRed = ({ status }: Finding): boolean => status === 'wrong' || status === 'unseen'

/** What makes all that an account lacks. */
export const SET_UP_ACCOUNT = 'npm run account -- --profile NAME --yes'

/** What mends all that is merely missing in the repository. */
export const SET_UP = 'npm run setup -- --apply'

export const whenSeen = <T>(fact: Seen<T>, what: string, report: Report, check: (value: T) => Finding[]): Finding[] =>
  'value' in fact ? check(fact.value) : [report('unseen', `${what} cannot be seen: ${fact.unseen}`)]
