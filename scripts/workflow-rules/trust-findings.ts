import type { Configuration } from '../../lib/delivery/configuration.ts'
import type { Role } from '../../lib/delivery/identity.ts'
import { gitHubClaims } from '../../local/github/claims.ts'
import { evaluateTrust, isAllowed } from '../oidc-explain/evaluate.ts'
import type { Use } from './trust.ts'

/**
 * Compares both sides: every job that asks for roles is trusted by exactly those that it needs, and every role is used. Trust
 * is judged by the claims that GitHub would put into that job's token.
 */
export const trustFindings = (uses: Use[], roles: Role[], configuration: Configuration): string[] => [
  ...new Set(uses.flatMap((use) => untrusted(use, roles, configuration))),
  ...roles.flatMap((role) => unused(role, uses)),
]

const untrusted = (use: Use, roles: Role[], configuration: Configuration): string[] => {
  const trusting = roles.filter(({ trust }) => isAllowed(evaluateTrust(trust, claimsOf(use, configuration))))
  const place = `${use.file} on ${use.branch}${use.environment === undefined ? '' : ` in environment ${use.environment}`}`
  const names = trusting.map(nameOf)
  return [
    ...use.roles.filter((name) => !names.includes(name)).map((name) => `${use.workflow}: no role ${name} trusts ${place}`),
    ...names.filter((name) => !use.roles.includes(name)).map((name) => `${use.workflow}: the role ${name} trusts ${place} too`),
    ...names
      .filter((name, index) => names.indexOf(name) !== index)
      .map((name) => `${use.workflow}: two roles ${name} trust ${place}`),
  ]
}

const unused = (role: Role, uses: Use[]): string[] => {
  const isUsed = uses.some(({ roles }) => roles.includes(nameOf(role)))
  return isUsed ? [] : [`no workflow uses the role ${role.name}`]
}

const nameOf = ({ environment, purpose }: Role): string => `${environment}/${purpose}`

const claimsOf = ({ workflow, file, branch, environment }: Use, { repository }: Configuration): Record<string, string> => ({
  ...gitHubClaims({
    owner: repository.owner,
    ownerId: repository.ownerId,
    repository: repository.name,
    repositoryId: repository.id,
    ref: `refs/heads/${branch}`,
    sha: '0'.repeat(40),
    event: 'workflow_dispatch',
    workflowFile: workflow,
    jobWorkflowFile: file,
    ...(environment === undefined ? {} : { environment }),
    ...(repository.subject === undefined ? {} : { subject: repository.subject }),
  }),
  aud: 'sts.amazonaws.com',
})
