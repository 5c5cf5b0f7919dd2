import type { Configuration } from './configuration.ts'
import type { Finding } from './finding.ts'
import { identity } from './identity.ts'
import { REGISTRY } from './names.ts'
import { isTooLong } from './trust.ts'

/** Trust policies that IAM would refuse because there are many environments, or long names of branches. */
export const checkTrustSize = (configuration: Configuration): Finding[] => {
  const found = identity(configuration).roles.find(({ trust }) => isTooLong(trust))
  if (found === undefined) return []
  const { name, environment, trust } = found
  const message = `needs a role with too long a trust policy: that of ${name} has ${JSON.stringify(trust).length} characters, IAM takes 2048; use shorter branch names or fewer environments`
  return [{ path: environment === REGISTRY ? ['environments'] : ['environments', environment], at: 'key', message }]
}
