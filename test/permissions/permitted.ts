import { permissionsOf } from '../../infra/identity/permissions/permissions.ts'
import type { Configuration } from '../../lib/delivery/configuration.ts'
import { identity } from '../../lib/delivery/identity.ts'

/** Accounts and roles of a configuration for the local cloud, with what each role may do: a call beyond it is denied there. */
export const permittedIdentity = (configuration: Configuration) => {
  const { accounts, roles } = identity(configuration)
  return { accounts, roles: roles.map((role) => ({ ...role, policies: [permissionsOf(configuration, role)] })) }
}
