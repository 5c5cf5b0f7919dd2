import { describe, expect, it } from 'vitest'
import type { Attempt, Candidate } from '../standing.ts'
import { bringBack } from './bring-back.ts'
import { digestKept } from './digest-exists.ts'
import { knownUpstream } from './known-upstream.ts'
import { sameConfiguration } from './same-configuration.ts'

const branches = { entry: 'dev', upstream: 'staging', own: 'main', isLast: true }
const candidate: Candidate = { api: { image: 'app', tag: 'src-1' } }
const tried: Attempt = {
  service: 'api',
  tag: 'src-1',
  digest: 'sha256:1',
  release: 'rel-1',
  kind: 'first',
  state: 'failure',
  startedAt: '2026-11-01T08:00:00Z',
}

describe('known-upstream', () => {
  it.each([
    [
      'GitHub has seen a deployment of it',
      { attempts: [tried], count: 5, isWhole: true },
      /knows of its deployment to staging; AWS's record decides/,
    ],
    ['GitHub knows of none at all', { attempts: [], count: 0, isWhole: true }, /knows of no deployment to staging; AWS's record/],
    [
      'there are older ones that were not looked at',
      { attempts: [], count: 300, isWhole: false },
      /none of the newest deployments/,
    ],
  ])('passes where %s', (_, told, reason) => {
    expect(knownUpstream('staging', branches, candidate, told)).toMatchObject({
      gate: 'known-upstream',
      result: 'pass',
      reason: expect.stringMatching(reason),
    })
  })

  it('fails where upstream certainly never had it, with what to do next', () => {
    expect(knownUpstream('staging', branches, candidate, { attempts: [], count: 5, isWhole: true })).toMatchObject({
      result: 'fail',
      reason:
        'staging has never had what branch main makes of app (src-1); its delivery is still to come (gh run list --workflow deliver.yml --branch staging), or main has something that staging has not. Bring that back first: gh pr create --base dev --head main; if it cannot wait: gh workflow run hotfix.yml --ref main -f reason=WHY',
    })
  })
})

it('bring-back goes to the branch where images enter, and names the hotfix at the end of the way only', () => {
  expect(bringBack({ entry: 'dev', upstream: 'staging', own: 'qa' })).toBe('gh pr create --base dev --head qa')
  expect(bringBack({ upstream: 'dev', own: 'staging', isLast: false })).toBe('gh pr create --base dev --head staging')
})

it('digest-exists of what stood before names what to do where the registry lost it', () => {
  const images = [{ name: 'app', tag: 'src-1', digest: undefined }]
  expect(digestKept(images, 'build it again')).toMatchObject({
    gate: 'digest-exists',
    result: 'fail',
    reason: 'the registry no longer has app (src-1); build it again',
  })
})

describe('same-configuration', () => {
  const object = (id: string) => ({ id, type: 'blob' })
  const sides = (theirs: Record<string, string> | undefined, ours: Record<string, string>) => ({
    upstream: {
      branch: 'staging',
      commit: 'c'.repeat(40),
      objects: theirs && new Map(Object.entries(theirs).map(([path, id]) => [path, object(id)])),
    },
    own: { branch: 'main', objects: new Map(Object.entries(ours).map(([path, id]) => [path, object(id)])) },
  })
  const paths = ['delivery.json', 'infra']

  it.each([
    ['both are equal', { 'delivery.json': '1', infra: '2' }, { 'delivery.json': '1', infra: '2' }],
    ['neither has infrastructure', { 'delivery.json': '1' }, { 'delivery.json': '1' }],
  ])('passes where %s', (_, theirs, ours) => {
    expect(sameConfiguration(paths, sides(theirs, ours)).result).toBe('pass')
  })

  it.each([
    [
      'one differs',
      { 'delivery.json': '1' },
      /^delivery\.json differ between c{12} and branch main.* --base main --head staging$/,
    ],
    ['one is missing', { infra: '2' }, /^delivery\.json differ/],
    ['both differ', { infra: '3' }, /^delivery\.json and infra differ/],
  ])('fails where %s', (_, theirs, reason) => {
    const gate = sameConfiguration(
      paths,
      sides({ infra: '2', ...theirs } as Record<string, string>, { 'delivery.json': '9', infra: '2' }),
    )
    expect(gate).toMatchObject({ result: 'fail', reason: expect.stringMatching(reason) })
  })

  it('fails where the clone does not have the commit', () => {
    expect(sameConfiguration(paths, sides(undefined, {})).reason).toMatch(/is not in the clone.*fetch-depth: 0/)
  })
})
