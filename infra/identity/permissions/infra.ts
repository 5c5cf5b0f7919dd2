import { changeSets, executions } from './change-sets.ts'
import { type Place, type PolicyDocument, policy } from './policy.ts'
import { readRecords, writeInfrastructure } from './records.ts'

/** Of the records this role writes the lease and which infrastructure stands. */
export const infraPermissions = (place: Place, project: string, environment: string): PolicyDocument =>
  policy(
    readRecords(place, project, environment),
    writeInfrastructure(place, project, environment),
    ...changeSets(place, project, environment),
    ...executions(place, project, environment),
  )
