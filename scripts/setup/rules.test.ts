import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DesiredRuleset } from './desired.ts'
import type { Rule } from './observed.ts'
import { desiredRules, mergeMethods, missingRules, tightened } from './rules.ts'

const main: DesiredRuleset = {
  name: 'slipway: main',
  branch: 'main',
  checks: ['ci-ok', 'slipway/promotion/prod'],
  mergeMethods: ['merge'],
}

const flags = [
  'dismiss_stale_reviews_on_push',
  'require_code_owner_review',
  'require_last_push_approval',
  'required_review_thread_resolution',
]
const methods = ['merge', 'squash', 'rebase']
const pullRequest = fc.record(
  {
    required_approving_review_count: fc.nat(6),
    ...Object.fromEntries(flags.map((name) => [name, fc.boolean()])),
    allowed_merge_methods: fc.subarray(methods, { minLength: 1 }),
  },
  { requiredKeys: [] },
)
const checks = fc.record(
  {
    strict_required_status_checks_policy: fc.boolean(),
    do_not_enforce_on_create: fc.boolean(),
    required_status_checks: fc
      .subarray(['ci-ok', 'lint', 'slipway/promotion/prod'])
      .map((list) => list.map((context) => ({ context }))),
  },
  { requiredKeys: [] },
)
const rules: fc.Arbitrary<Rule[]> = fc
  .tuple(
    fc.subarray(['deletion', 'non_fast_forward', 'required_signatures', 'creation']),
    fc.option(pullRequest, { nil: undefined }),
    fc.option(checks, { nil: undefined }),
  )
  .map(([plain, pull, required]) => [
    ...plain.map((type): Rule => ({ type })),
    ...(pull ? [{ type: 'pull_request', parameters: pull }] : []),
    ...(required ? [{ type: 'required_status_checks', parameters: required }] : []),
  ])

/** What these rules let somebody do, as a list of freedoms: said from scratch, so that it shares nothing with what is tested. */
const freedoms = (list: Rule[]): string[] => {
  const of = (type: string) => list.find((rule) => rule.type === type)
  const pull = of('pull_request')?.parameters ?? {}
  const required = of('required_status_checks')?.parameters ?? {}
  const contexts = ((required['required_status_checks'] ?? []) as { context: string }[]).map(({ context }) => context)
  return [
    ...['deletion', 'non_fast_forward', 'required_signatures', 'creation', 'pull_request'].filter(
      (type) => of(type) === undefined,
    ),
    ...[1, 2, 3, 4, 5, 6]
      .filter((count) => Number(pull['required_approving_review_count'] ?? 0) < count)
      .map((count) => `${count} approvals`),
    ...flags.filter((name) => pull[name] !== true),
    ...((pull['allowed_merge_methods'] ?? methods) as string[]).map((method) => `merge by ${method}`),
    ...['ci-ok', 'lint', 'slipway/promotion/prod']
      .filter((context) => !contexts.includes(context))
      .map((context) => `without ${context}`),
    ...(required['strict_required_status_checks_policy'] === true ? [] : ['not up to date']),
    ...(of('required_status_checks') === undefined || required['do_not_enforce_on_create'] === true ? ['made unchecked'] : []),
  ]
}

describe('rules of a branch', () => {
  it('are never loosened, whatever stood before, and settle at once', () => {
    fc.assert(
      fc.property(rules, (standing) => {
        const after = tightened(standing, desiredRules(main))
        expect(freedoms(standing)).toEqual(expect.arrayContaining(freedoms(after)))
        expect(tightened(after, desiredRules(main))).toEqual(after)
      }),
    )
  })

  it('ask for all that is wanted afterwards, unless the merge methods leave nothing in common', () => {
    fc.assert(
      fc.property(rules, (standing) => {
        const after = tightened(standing, desiredRules(main))
        const isConflict = !mergeMethods(standing).includes('merge')
        expect(missingRules(after, main).length === 0 || isConflict).toBe(true)
      }),
    )
  })

  it('are missed in words', () => {
    expect(missingRules([], main)).toEqual([
      'a pull request is not required',
      'the status check ci-ok is not required',
      'the status check slipway/promotion/prod is not required',
      'force pushes are possible',
      'the branch can be deleted',
    ])
    expect(missingRules(desiredRules({ ...main, checks: ['ci-ok'] }), main)).toEqual([
      'the status check slipway/promotion/prod is not required',
    ])
    const { mergeMethods: _, ...anyMethod } = main
    expect(missingRules(desiredRules(anyMethod), main)).toEqual(['pull requests may be merged by squash and rebase'])
    expect(missingRules(desiredRules(main), anyMethod)).toEqual([])
  })

  it('of several rulesets hold together', () => {
    const squash: Rule = { type: 'pull_request', parameters: { allowed_merge_methods: ['squash', 'merge'] } }
    expect(mergeMethods([squash, ...desiredRules(main)])).toEqual(['merge'])
    expect(
      missingRules(
        [
          ...desiredRules({ ...main, checks: [] }),
          { type: 'required_status_checks', parameters: { required_status_checks: main.checks.map((context) => ({ context })) } },
        ],
        main,
      ),
    ).toEqual([])
  })
})
