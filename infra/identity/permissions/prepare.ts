import { comparisons } from './change-sets.ts'
import { type Place, type PolicyDocument, policy } from './policy.ts'
import { readRecords } from './records.ts'

/** Shows what would change, before anybody approves it. Executes nothing, and writes no record. */
export const preparePermissions = (place: Place, project: string, environment: string): PolicyDocument => {
  const records = readRecords(place, project, environment)
  // A preparation waits for nobody, so it reads no history.
  return policy({ ...records, Action: ['ssm:GetParameters'] }, ...comparisons(place, project, environment))
}
