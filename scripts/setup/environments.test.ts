import fc from 'fast-check'
import { expect, it } from 'vitest'
import { planEnvironment } from './environments.ts'
import type { ObservedEnvironment, Reviewer } from './observed.ts'
import type { Change } from './plan.ts'

const people: Reviewer[] = [
  { type: 'User', id: 1, name: 'octocat' },
  { type: 'Team', id: 1, name: 'acme/platform' },
  { type: 'User', id: 2, name: 'hubot' },
]
const known = Object.fromEntries(people.map((value) => [value.name, { value }]))

const environment: fc.Arbitrary<ObservedEnvironment> = fc.record({
  name: fc.constant('prod'),
  waitTimer: fc.constantFrom(0, 10),
  preventSelfReview: fc.boolean(),
  adminsMayBypass: fc.boolean(),
  reviewers: fc.subarray(people),
  refs: fc.oneof(
    fc.constantFrom('all' as const, 'protected' as const),
    fc.subarray([
      { id: 1, name: 'main', type: 'branch' },
      { id: 2, name: 'hotfix', type: 'branch' },
      { id: 3, name: 'release/*', type: 'branch' },
      { id: 4, name: 'main', type: 'tag' },
    ]),
  ),
})
const wanted = fc.record({
  name: fc.constant('prod'),
  branches: fc.constantFrom<string[]>(['main'], ['main', 'hotfix']),
  reviewers: fc.subarray(people.map(({ name }) => name)),
})

/** What GitHub makes of the request: all that the body does not say is reset. */
const after = (standing: ObservedEnvironment, change: Change): ObservedEnvironment => {
  const refs = typeof standing.refs === 'string' ? [] : standing.refs
  if (change.kind === 'branch-policy') return { ...standing, refs: [...refs, { id: 5, name: change.branch, type: 'branch' }] }
  if (change.kind !== 'environment') throw new Error(change.kind)
  const reviewers = people.filter(({ type, id }) => change.body.reviewers.some((one) => one.type === type && one.id === id))
  return { ...standing, ...change.body, reviewers, refs }
}

const letsIn = ({ refs }: ObservedEnvironment, ref: { name: string; type: string }): boolean =>
  refs === 'all' ||
  (refs === 'protected' && ref.type === 'branch') ||
  (Array.isArray(refs) && refs.some(({ name, type }) => name === ref.name && type === ref.type))

it('never loosens an environment at any of its requests, but for the branches that delivery.json names, and settles at once', () => {
  fc.assert(
    fc.property(wanted, environment, (desired, first) => {
      const { changes } = planEnvironment(desired, first, known)
      const last = changes.reduce((standing, change) => {
        const next = after(standing, change)
        expect(next.waitTimer).toBeGreaterThanOrEqual(standing.waitTimer)
        expect(next.preventSelfReview || !standing.preventSelfReview).toBe(true)
        if (standing.reviewers.length > 0) expect(next.reviewers).toEqual(standing.reviewers)
        for (const ref of [
          { name: 'feature', type: 'branch' },
          { name: 'release/*', type: 'branch' },
          { name: 'main', type: 'tag' },
        ])
          expect(letsIn(standing, ref) || !letsIn(next, ref)).toBe(true)
        return next
      }, first)
      expect(planEnvironment(desired, last, known).changes).toEqual([])
    }),
  )
})

it('names what a person must settle: foreign branches, other reviewers, reviewers that cannot be found', () => {
  const standing: ObservedEnvironment = {
    name: 'prod',
    waitTimer: 0,
    preventSelfReview: false,
    adminsMayBypass: true,
    reviewers: people.slice(2),
    refs: [{ id: 1, name: 'v*', type: 'tag' }],
  }
  const { changes, open } = planEnvironment({ name: 'prod', branches: ['main'], reviewers: ['octocat'] }, standing, known)
  expect(changes).toEqual([])
  expect(open).toEqual([
    "environment prod lets in tag 'v*', which delivery.json does not name: take that out by hand",
    'environment prod does not let in main: add it by hand, once the others are out',
    'environment prod has the reviewers hubot, delivery.json says octocat: change them by hand',
  ])
  const unknown = planEnvironment({ name: 'dev', branches: ['dev'], reviewers: ['nobody'] }, undefined, {
    nobody: { unseen: 'Not Found (404)' },
  })
  expect(unknown.open).toEqual(['environment dev: the reviewer nobody cannot be found: Not Found (404)'])
})
