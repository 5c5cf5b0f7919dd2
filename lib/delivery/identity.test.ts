import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { configurations, example } from './configuration.case.ts'
import { identity } from './identity.ts'
import { checkConfiguration } from './parse.ts'
import type { TrustPolicy } from './trust.ts'

const ISSUER = 'token.actions.githubusercontent.com'

type Claims = Record<string, string>

/** A job of the branch in a called workflow, as GitHub describes it to AWS. */
const job = (branch: string, file: string, environment?: string, over: Claims = {}): Claims => ({
  aud: 'sts.amazonaws.com',
  sub:
    environment === undefined ? `repo:acme@1/shop@2:ref:refs/heads/${branch}` : `repo:acme@1/shop@2:environment:${environment}`,
  ref: `refs/heads/${branch}`,
  repository_id: '2',
  repository_owner_id: '1',
  job_workflow_ref: `acme/shop/.github/workflows/${file}@refs/heads/${branch}`,
  ...(environment !== undefined && { environment }),
  ...over,
})

/** StringEquals as IAM reads it: every key must be there and equal one of its values, case included. */
const allows = ({ Statement }: TrustPolicy, claims: Claims): boolean =>
  Statement.some(({ Condition }) =>
    Object.entries(Condition.StringEquals).every(([key, values]) =>
      [values].flat().includes(claims[key.replace(`${ISSUER}:`, '')] ?? ''),
    ),
  )

/** Every role of the example with the jobs that may assume it. */
const intended: Record<string, Claims[]> = {
  'shop-registry-build': [job('dev', '_build.yml', 'build'), job('main', '_build.yml', 'build')],
  'shop-registry-read': readers(),
  'shop-dev-deploy': [job('dev', '_deploy.yml', 'dev')],
  'shop-dev-prepare': [job('dev', '_infra.yml')],
  'shop-dev-infra': [job('dev', '_infra.yml', 'dev-infra')],
  'shop-dev-read': readers(),
  'shop-dev-budget': [job('main', '_budget.yml', 'budget')],
  'shop-staging-deploy': [job('staging', '_deploy.yml', 'staging')],
  'shop-staging-prepare': [job('staging', '_infra.yml')],
  'shop-staging-infra': [job('staging', '_infra.yml', 'staging-infra')],
  'shop-staging-read': readers(),
  'shop-staging-budget': [job('main', '_budget.yml', 'budget')],
  'shop-prod-deploy': [job('main', '_deploy.yml', 'prod')],
  'shop-prod-prepare': [job('main', '_infra.yml')],
  'shop-prod-infra': [job('main', '_infra.yml', 'prod-infra')],
  'shop-prod-read': readers(),
  'shop-prod-budget': [job('main', '_budget.yml', 'budget')],
}

function readers(): Claims[] {
  return ['dev', 'staging', 'main'].flatMap((branch) => [job(branch, '_plan.yml'), job(branch, '_reconcile.yml')])
}

const branches = ['dev', 'staging', 'main', 'feature', 'MAIN', 'Dev']
const files = ['_plan.yml', '_build.yml', '_infra.yml', '_deploy.yml', '_budget.yml', '_reconcile.yml', 'deliver.yml', 'evil.yml']
const environments = [
  undefined,
  'build',
  'budget',
  'dev',
  'staging',
  'prod',
  'dev-infra',
  'staging-infra',
  'prod-infra',
  'Prod',
  'registry',
]

const everyJob = branches.flatMap((branch) =>
  files.flatMap((file) => environments.map((environment) => job(branch, file, environment))),
)

const spoilt = (claims: Claims): Claims[] => [
  ...Object.keys(claims).map((claim) => Object.fromEntries(Object.entries(claims).filter(([name]) => name !== claim))),
  ...Object.entries(claims).map(([claim, value]) => ({ ...claims, [claim]: `${value}x` })),
  { ...claims, aud: 'https://github.com/acme' },
  { ...claims, sub: claims['sub']?.replace('acme@1/shop@2', 'acme/shop') ?? '' },
  { ...claims, sub: 'repo:acme@1/shop@2:pull_request', ref: 'refs/pull/7/merge' },
  { ...claims, ref: claims['ref']?.replace('refs/heads', 'refs/tags') ?? '' },
  { ...claims, repository_id: '3' },
  { ...claims, repository_owner_id: '9' },
]

const roles = identity(example()).roles

describe('identity', () => {
  it('has exactly these roles, in these accounts', () => {
    expect(roles.map(({ name }) => name)).toEqual(Object.keys(intended))
    expect(identity(example()).accounts).toEqual(['111111111111', '222222222222', '333333333333', '444444444444'])
    expect(roles.find(({ name }) => name === 'shop-prod-deploy')).toMatchObject({
      arn: 'arn:aws:iam::444444444444:role/shop-prod-deploy',
      account: '444444444444',
      purpose: 'deploy',
      environment: 'prod',
    })
  })

  it('writes the trust policy of the deploy role as documented', () => {
    expect(roles.find(({ name }) => name === 'shop-prod-deploy')?.trust).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Federated: `arn:aws:iam::444444444444:oidc-provider/${ISSUER}` },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: {
            StringEquals: {
              [`${ISSUER}:aud`]: 'sts.amazonaws.com',
              [`${ISSUER}:sub`]: 'repo:acme@1/shop@2:environment:prod',
              [`${ISSUER}:repository_owner_id`]: '1',
              [`${ISSUER}:repository_id`]: '2',
              [`${ISSUER}:environment`]: 'prod',
              [`${ISSUER}:ref`]: 'refs/heads/main',
              [`${ISSUER}:job_workflow_ref`]: 'acme/shop/.github/workflows/_deploy.yml@refs/heads/main',
            },
          },
        },
      ],
    })
  })

  it.each(Object.entries(intended))('%s is assumed by the intended jobs and by no other', (name, jobs) => {
    const trust = roles.find((role) => role.name === name)?.trust
    if (trust === undefined) throw new Error(`no role ${name}`)
    for (const claims of jobs) expect(allows(trust, claims)).toBe(true)
    const allowed = everyJob.filter((claims) => allows(trust, claims)).map((claims) => JSON.stringify(claims))
    expect(allowed.toSorted()).toEqual(jobs.map((claims) => JSON.stringify(claims)).toSorted())
    for (const claims of jobs.flatMap(spoilt)) expect(allows(trust, claims), JSON.stringify(claims)).toBe(false)
  })

  it('uses the form of the subject that the repository emits', () => {
    const configuration = example()
    configuration.repository.subject = 'name'
    const trust = identity(configuration).roles.find(({ name }) => name === 'shop-dev-deploy')?.trust
    expect(trust?.Statement[0]?.Condition.StringEquals[`${ISSUER}:sub`]).toBe('repo:acme/shop:environment:dev')
  })

  it('keeps a statement for each branch while IAM has room, and never a wildcard', () => {
    const build = roles.find(({ purpose }) => purpose === 'build')?.trust
    expect(build?.Statement.map(({ Condition }) => Condition.StringEquals[`${ISSUER}:ref`])).toEqual([
      'refs/heads/dev',
      'refs/heads/main',
    ])
    fc.assert(
      fc.property(configurations, (configuration) => {
        const { roles } = identity(configuration)
        expect(JSON.stringify(roles)).not.toMatch(/\*|StringLike|ForAllValues|IfExists/)
        expect(new Set(roles.map(({ arn }) => arn)).size).toBe(roles.length)
        if ('problems' in checkConfiguration(JSON.stringify(configuration))) return
        for (const { trust } of roles) expect(JSON.stringify(trust).length).toBeLessThanOrEqual(2048)
      }),
    )
  })

  it('mixes branches nowhere but in reading, where each of the branches may read by itself', () => {
    const onDevFromMain = (file: string, environment?: string) =>
      job('dev', file, environment, { job_workflow_ref: `acme/shop/.github/workflows/${file}@refs/heads/main` })
    const jobs = [
      onDevFromMain('_plan.yml'),
      ...['build', 'prod', 'prod-infra', 'budget', 'dev'].flatMap((environment) =>
        files.map((file) => onDevFromMain(file, environment)),
      ),
    ]
    const allowed = roles.filter(({ trust }) => jobs.some((claims) => allows(trust, claims))).map(({ purpose }) => purpose)
    expect(new Set(allowed)).toEqual(new Set(['read']))
  })

  it('is refused where a trust policy would exceed what IAM takes', () => {
    const configuration = example()
    const dev = configuration.environments['dev']
    if (dev)
      for (let index = 0; index < 8; index++)
        configuration.environments[`e${index}`] = { ...dev, branch: `${'long-'.repeat(20)}${index}` }
    const checked = checkConfiguration(JSON.stringify(configuration))
    expect('problems' in checked && checked.problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^needs a role with too long a trust policy: that of shop-registry-build has \d+ characters, IAM takes 2048/,
      ),
    ])
  })
})
