import type { Configuration } from './configuration.ts'
import type { Finding } from './finding.ts'
import { identity } from './identity.ts'
import { REGISTRY } from './names.ts'

/** Characters of a role's trust policy, white space not counted (IAM quotas; an account may be raised to 4,096). */
const QUOTA = 2048

/** Trust policies that IAM would refuse because names of branches or of the repository are long. */
export const checkTrustSize = (configuration: Configuration): Finding[] => {
  const found = identity(configuration).roles.flatMap(({ name, environment, trust }): Finding[] => {
    const size = JSON.stringify(trust).length
    if (size <= QUOTA) return []
    const path = environment === REGISTRY ? ['registry'] : ['environments', environment]
    const message = `needs a role with too long a trust policy: that of ${name} has ${size} characters, IAM takes ${QUOTA}; use shorter branch names or fewer environments`
    return [{ path, at: 'key', message }]
  })
  return found.slice(0, 1)
}
