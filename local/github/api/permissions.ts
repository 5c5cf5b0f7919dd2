import { randomBytes } from 'node:crypto'

/** Repository permissions of a token, under the names that GitHub's API and its documentation use. */
export type Permission =
  | 'actions'
  | 'administration'
  | 'checks'
  | 'contents'
  | 'deployments'
  | 'environments'
  | 'issues'
  | 'members'
  | 'metadata'
  | 'pull_requests'
  | 'secrets'
  | 'statuses'

export type Level = 'read' | 'write'

export type Permissions = Partial<Record<Permission, Level>>

export type TokenOwner = {
  /** `integration` is what a job's GITHUB_TOKEN is; a person has a fine-grained personal access token. */
  kind: 'integration' | 'person'
  login: string
  permissions: Permissions
  /** Whether the repository may be seen at all. */
  hasAccess: boolean
}

export type Tokens = {
  /** The GITHUB_TOKEN of a job with exactly these permissions; `metadata: read` comes with every token. */
  forJob(permissions: Permissions): string
  /** A fine-grained personal access token; without permissions one that may administer the repository. */
  forPerson(login: string, permissions?: Permissions, hasAccess?: boolean): string
  owner(token: string): TokenOwner | undefined
  /** As when a job ends. */
  revoke(token: string): void
  all(): string[]
}

const everything: Permissions = {
  actions: 'write',
  administration: 'write',
  checks: 'write',
  contents: 'write',
  deployments: 'write',
  environments: 'write',
  issues: 'write',
  members: 'read',
  pull_requests: 'write',
  secrets: 'read',
  statuses: 'write',
}

export const createTokens = (): Tokens => {
  const owners = new Map<string, TokenOwner>()
  const make = (prefix: string, owner: TokenOwner): string => {
    const token = `${prefix}_${randomBytes(18).toString('hex')}`
    owners.set(token, { ...owner, permissions: { ...owner.permissions, metadata: 'read' } })
    return token
  }
  return {
    forJob: (permissions) => make('ghs', { kind: 'integration', login: 'github-actions[bot]', permissions, hasAccess: true }),
    forPerson: (login, permissions = everything, hasAccess = true) =>
      make('github_pat', { kind: 'person', login, permissions, hasAccess }),
    owner: (token) => owners.get(token),
    revoke: (token) => {
      owners.delete(token)
    },
    all: () => [...owners.keys()],
  }
}

export const allows = (permissions: Permissions, permission: Permission, level: Level): boolean =>
  permissions[permission] === 'write' || permissions[permission] === level
