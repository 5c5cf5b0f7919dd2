import type { Permissions } from '../../local/github/api/permissions.ts'
import type { Access, Definition, Grants, Job } from './definition.ts'

const rank: Record<Access, number> = { none: 0, read: 1, write: 2 }

/** What a job has that says nothing, in a repository with GitHub's default setting "read". */
const byDefault: Grants = { contents: 'read', packages: 'read' }

const excess = (wanted: Grants, granted: Grants): string | undefined =>
  Object.entries(wanted)
    .filter(([name, access]) => rank[access] > rank[granted[name] ?? 'none'])
    .map(([name, access]) => `'${name}: ${access}'`)[0]

/**
 * The permissions that a job's token really has. A called workflow never gets more than the calling job; where it asks for
 * more, GitHub refuses the whole run before it starts, and so does this.
 */
export const grantsOf = (definition: Definition, job: Job, within?: Grants): Grants => {
  const granted = job.permissions ?? definition.permissions ?? within ?? byDefault
  const tooMuch = within === undefined ? undefined : excess(granted, within)
  if (tooMuch !== undefined)
    throw new Error(`${definition.file} is not valid: it requests ${tooMuch}, which the calling job does not have`)
  return granted
}

/** The same under the names of GitHub's API, for the stand-in; `id-token` is none of them. */
export const apiPermissions = (grants: Grants): Permissions =>
  Object.fromEntries(
    Object.entries(grants)
      .filter(([name, access]) => name !== 'id-token' && access !== 'none')
      .map(([name, access]) => [name.replaceAll('-', '_'), access]),
  )
