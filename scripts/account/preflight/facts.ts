import type { Seen } from '../../setup/observed.ts'

/** A limit of an account in a region, and how much of it is taken by what is not this project's. */
export type Limit = { value: number; taken: number }

/** What an account answers before anything of the project is made there. */
export type Facts = {
  /** ARNs of the account's OIDC providers. */
  providers: Seen<string[]>
  /** By the name of the service that uses the role: whether it is there. */
  serviceRoles: Map<string, Seen<boolean>>
  /** Names of the roles that the identity stacks would make and that exist while no such stack does. */
  strangers: Seen<string[]>
  /** By region and name of the limit. */
  limits: Map<string, Seen<Limit>>
  /** By region: `opt-in-not-required`, `opted-in` or `not-opted-in`. */
  regions: Map<string, Seen<string>>
  /** Whether Cost Explorer has been turned on. */
  costExplorer: Seen<boolean>
}

export const limitKey = (region: string, name: string): string => `${region} ${name}`
