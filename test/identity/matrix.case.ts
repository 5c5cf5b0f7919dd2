import type { Claims } from '../../scripts/oidc-explain/evaluate.ts'
import { BRANCHES, claimsOf, ENVIRONMENTS, FILES, type Place } from './jobs.case.ts'

/** One token, what is special about it, and whether the role should be had with it. */
export type Row = { name: string; claims: Claims; allowed: boolean }

/** The claims that trust policies ask for. */
const PINNED = ['aud', 'sub', 'ref', 'environment', 'repository_id', 'repository_owner_id', 'job_workflow_ref']

const isSame = (one: Place, other: Place): boolean =>
  one.file === other.file && one.branch === other.branch && one.environment === other.environment

/** Everything that could be mistaken for a job of the role whose jobs are `intended`. */
export const rowsOf = (intended: Place[]): Row[] => {
  const [own] = intended
  if (own === undefined) throw new Error('a role without a job')
  const isIntended = (place: Place): boolean => intended.some((one) => isSame(one, place))
  const place = (name: string, change: Partial<Place>): Row => {
    const changed = { ...own, ...change }
    return { name, claims: claimsOf(changed), allowed: isIntended(changed) }
  }
  const never = (name: string, claims: Claims): Row => ({ name, claims, allowed: false })
  const base = claimsOf(own)
  const { environment: _, ...withoutEnvironment } = own
  return [
    ...intended.map((one) => ({ name: `push to ${one.branch}, ${one.file}`, claims: claimsOf(one), allowed: true })),
    { name: 'dispatch on the own branch', claims: claimsOf(own, { event: 'workflow_dispatch' }), allowed: true },
    {
      name: 'schedule, which runs on the default branch',
      claims: claimsOf({ ...own, branch: 'main' }, { event: 'schedule' }),
      allowed: isIntended({ ...own, branch: 'main' }),
    },
    ...BRANCHES.map((branch) => place(`branch ${branch}`, { branch })),
    place('feature branch', { branch: 'feature' }),
    place('branch that starts like the own one', { branch: `${own.branch}2` }),
    never('dispatch on a feature branch', claimsOf({ ...own, branch: 'feature' }, { event: 'workflow_dispatch' })),
    never('tag that is called like the branch', claimsOf(own, { ref: `refs/tags/${own.branch}` })),
    never('pull request', claimsOf(own, { event: 'pull_request', ref: 'refs/pull/7/merge' })),
    never('pull request without environment', claimsOf(withoutEnvironment, { event: 'pull_request', ref: 'refs/pull/7/merge' })),
    ...FILES.map((file) => place(`called file ${file}`, { file })),
    never('job in the started workflow itself', claimsOf({ ...own, file: 'deliver.yml' })),
    ...ENVIRONMENTS.map((environment) => place(`environment ${environment}`, { environment })),
    {
      name: 'no environment',
      claims: claimsOf(withoutEnvironment),
      allowed: isIntended(withoutEnvironment),
    },
    ...otherRepositories(base, own).map(([name, claims]) => never(name, claims)),
    never('subject by name only', claimsOf(own, { subject: 'name' })),
    ...calledFrom(own).map(([name, file]) => never(`called file ${name}`, { ...base, job_workflow_ref: file })),
    ...['https://github.com/acme', 'sts.amazonaws.com.cn', 'STS.AMAZONAWS.COM', ''].map((aud) =>
      never(`audience '${aud}'`, { ...base, aud }),
    ),
    ...PINNED.filter((claim) => base[claim] !== undefined && base[claim] !== base[claim]?.toUpperCase()).map((claim) =>
      never(`${claim} in upper case`, { ...base, [claim]: base[claim]?.toUpperCase() ?? '' }),
    ),
    ...PINNED.filter((claim) => base[claim] !== undefined).flatMap((claim) => [
      never(`${claim} missing`, Object.fromEntries(Object.entries(base).filter(([name]) => name !== claim))),
      never(`${claim} a star`, { ...base, [claim]: '*' }),
      never(`${claim} with a space behind`, { ...base, [claim]: `${base[claim]} ` }),
    ]),
  ]
}

const otherRepositories = (base: Claims, own: Place): [string, Claims][] => [
  ['other repository id', claimsOf(own, { repositoryId: 3 })],
  ['other owner id', claimsOf(own, { ownerId: 9 })],
  ['other repository id in its claim alone', { ...base, repository_id: '3' }],
  ['other owner id in its claim alone', { ...base, repository_owner_id: '9' }],
  ['other ids in the subject alone', { ...base, sub: base['sub']?.replace('acme@1/shop@2', 'acme@9/shop@3') ?? '' }],
  ['owner whose name starts alike', claimsOf(own, { owner: 'acme-evil', ownerId: 9 })],
  ['repository renamed', claimsOf(own, { repository: 'store' })],
]

/** Where the called file could come from instead: another repository, another ref, a commit. */
const calledFrom = ({ file, branch }: Place): [string, string][] => [
  ['of another repository', `evil/shop/.github/workflows/${file}@refs/heads/${branch}`],
  ['of a feature branch', `acme/shop/.github/workflows/${file}@refs/heads/feature`],
  ['by commit', `acme/shop/.github/workflows/${file}@${'0'.repeat(40)}`],
  ['in another folder', `acme/shop/.github/workflows/x/${file}@refs/heads/${branch}`],
]
