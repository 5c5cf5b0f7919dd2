import { changeSets, executions } from './change-sets.ts'
import { type Place, type PolicyDocument, policy } from './policy.ts'
import { readRecords, writeLock } from './records.ts'

/** Of the records this role writes the lease alone. */
export const infraPermissions = (place: Place, project: string, environment: string): PolicyDocument =>
  policy(
    readRecords(place, project, environment),
    writeLock(place, project, environment),
    ...changeSets(place, project, environment),
    ...executions(place, project, environment),
  )
