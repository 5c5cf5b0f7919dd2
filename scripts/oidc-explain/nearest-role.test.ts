import { describe, expect, it } from 'vitest'
import { example } from '../../lib/delivery/configuration.case.ts'
import { identity } from '../../lib/delivery/identity.ts'
import type { GitHubJob } from '../../local/github/claims.ts'
import { claimsOf, type Place } from '../../test/identity/jobs.case.ts'
import { advise } from './advice.ts'
import { explainToken } from './nearest-role.ts'

const { roles } = identity(example())
const own: Place = { file: '_deploy.yml', branch: 'main', environment: 'prod' }

/** Claims that fail and the advice for each, for the role that is nearest. */
const explain = (place: Place, over: Partial<GitHubJob> = {}, change: Record<string, string> = {}) => {
  const { nearest } = explainToken(roles, { ...claimsOf(place, over), ...change })
  const failing = nearest?.statement.filter(({ holds }) => !holds) ?? []
  return {
    role: nearest?.role.name,
    checks: Object.fromEntries(failing.map((condition) => [condition.claim, advise(condition)])),
  }
}

describe('a token', () => {
  it('gets the role that it is meant for, and no nearest one', () => {
    const explanation = explainToken(roles, claimsOf(own))
    expect(explanation.allowed.map(({ role }) => role.name)).toEqual(['shop-prod-deploy'])
    expect(explanation.nearest).toBeUndefined()
  })

  it('of the plan gets every role that reads', () => {
    const { allowed } = explainToken(roles, claimsOf({ file: '_plan.yml', branch: 'staging' }))
    expect(allowed.map(({ role }) => role.name)).toEqual([
      'shop-registry-read',
      'shop-dev-read',
      'shop-staging-read',
      'shop-prod-read',
    ])
  })

  it.each<[string, Place, Partial<GitHubJob>, Record<string, string>, string, Record<string, RegExp>]>([
    [
      'from a feature branch',
      { ...own, branch: 'feature' },
      {},
      {},
      'shop-prod-deploy',
      { ref: /run it on main/, job_workflow_ref: /from another ref: call it as \.\/\.github\/workflows\/_deploy\.yml on main/ },
    ],
    [
      'of a job without environment',
      { file: '_deploy.yml', branch: 'main' },
      {},
      {},
      'shop-prod-deploy',
      { sub: /names no environment: give it 'environment: prod'/, environment: /names no environment/ },
    ],
    [
      'with another audience',
      own,
      {},
      { aud: 'https://github.com/acme' },
      'shop-prod-deploy',
      { aud: /audience sts\.amazonaws\.com/ },
    ],
    ['with the subject by name', own, { subject: 'name' }, {}, 'shop-prod-deploy', { sub: /opt in to the immutable form/ }],
    ['with a customised subject', own, {}, { sub: 'actor:octocat' }, 'shop-prod-deploy', { sub: /include_claim_keys/ }],
    [
      'in upper case',
      { ...own, environment: 'Prod' },
      {},
      {},
      'shop-prod-deploy',
      { sub: /only upper and lower case differ/, environment: /only upper and lower case differ.*as delivery\.json does/ },
    ],
    [
      'of another repository id',
      own,
      {},
      { repository_id: '3', sub: 'repo:acme@1/shop@3:environment:prod' },
      'shop-prod-deploy',
      { repository_id: /must print 3/, sub: /ids in the subject differ/ },
    ],
    [
      'of a job that is in no called workflow',
      { ...own, file: 'deliver.yml' },
      {},
      {},
      'shop-prod-deploy',
      { job_workflow_ref: /sits in deliver\.yml: a role trusts _deploy\.yml only/ },
    ],
    [
      'of a pull request',
      { file: '_plan.yml', branch: 'main' },
      { event: 'pull_request', ref: 'refs/pull/7/merge' },
      {},
      'shop-registry-read',
      { sub: /AWS is not touched before the merge/, ref: /AWS is not touched before the merge/, job_workflow_ref: /another ref/ },
    ],
    [
      'of a renamed repository',
      own,
      { repository: 'store' },
      {},
      'shop-prod-deploy',
      { sub: /the token is of acme\/store: renamed/, job_workflow_ref: /is of acme\/store/ },
    ],
  ])('%s is told what to check', (_, place, over, change, role, checks) => {
    const explained = explain(place, over, change)
    expect(explained.role).toBe(role)
    expect(Object.keys(explained.checks).toSorted()).toEqual(Object.keys(checks).toSorted())
    for (const [claim, check] of Object.entries(checks)) expect(explained.checks[claim]).toMatch(check)
  })

  it('of the immutable form is told of where the roles ask for the name only', () => {
    const byName = identity({ ...example(), repository: { ...example().repository, subject: 'name' } }).roles
    const [failing] = explainToken(byName, claimsOf(own)).nearest?.statement.filter(({ holds }) => !holds) ?? []
    expect(failing && advise(failing)).toMatch(/take "subject": "name" out of delivery\.json/)
  })
})
