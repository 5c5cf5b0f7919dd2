import { expect, test } from 'vitest'
import { type AgeingImage, expiryOf, needsAll, parseLifecycle, sayExpiry } from './lifecycle.ts'

const DAY = 86_400_000
const now = Date.parse('2026-11-21T12:00:00Z')
const image = (age: number, ...tags: string[]): AgeingImage => ({ digest: `sha256:${age}`, tags, pushedAt: now - age * DAY })

type Selection = Record<string, unknown>
const policy = (...selections: [Selection, string?][]): string =>
  JSON.stringify({
    rules: selections.map(([selection, type = 'expire'], index) => ({ rulePriority: index + 1, selection, action: { type } })),
  })
const older = (days: number, more: Selection): Selection => ({
  countType: 'sinceImagePushed',
  countUnit: 'days',
  countNumber: days,
  ...more,
})
const more = (count: number, rest: Selection): Selection => ({ countType: 'imageCountMoreThan', countNumber: count, ...rest })
const tagged = (...tagPrefixList: string[]): Selection => ({ tagStatus: 'tagged', tagPrefixList })
const patterns = (...tagPatternList: string[]): Selection => ({ tagStatus: 'tagged', tagPatternList })
const any = { tagStatus: 'any' }

test.each([
  [
    'an age that is near',
    policy([older(90, any)]),
    image(80, 'src-1'),
    "is deleted by rule 1 of the repository's lifecycle policy in 10 days",
  ],
  ['an age that is far', policy([older(90, any)]), image(60, 'src-1'), undefined],
  ['an age that is over', policy([older(90, any)]), image(95, 'src-1'), 'is due to be deleted'],
  ['a prefix', policy([older(90, tagged('src-'))]), image(80, 'src-1'), 'in 10 days'],
  ['another prefix', policy([older(90, tagged('pr-'))]), image(80, 'src-1'), undefined],
  ['two prefixes, of which it has one', policy([older(90, tagged('src-', 'pr-'))]), image(80, 'src-1'), undefined],
  ['two prefixes, of which it has both', policy([older(90, tagged('src-', 'pr-'))]), image(80, 'src-1', 'pr-7'), 'in 10 days'],
  ['a pattern', policy([older(90, patterns('*rc*'))]), image(80, '1.0-rc1'), 'in 10 days'],
  ['a pattern that is a regular expression to others', policy([older(90, patterns('1.0*'))]), image(80, '1x0'), undefined],
  ['untagged images only', policy([older(1, { tagStatus: 'untagged' })]), image(80, 'src-1'), undefined],
  ['an image without tags', policy([older(1, { tagStatus: 'untagged' })]), image(80), 'is due to be deleted'],
  [
    'an earlier rule that spares what is kept',
    policy([more(9_999, tagged('keep-'))], [older(90, any)]),
    image(95, 'src-1', 'keep-dev-rel-1'),
    undefined,
  ],
  ['an image that is not kept yet', policy([more(9_999, tagged('keep-'))], [older(90, any)]), image(95, 'src-1'), 'by rule 2'],
  [
    'a move to the archive',
    policy([older(90, any), 'transition']),
    image(80, 'src-1'),
    'is archived, where nothing can pull it,',
  ],
  ['a rule for the archive', policy([older(1, { ...any, storageClass: 'archive' })]), image(80, 'src-1'), undefined],
  [
    'an age since the last pull, which is renewed by the deployment',
    policy([older(90, { ...any, countType: 'sinceImagePulled' })]),
    image(200, 'a'),
    undefined,
  ],
  ['a policy without rules', '{}', image(200, 'a'), undefined],
])('%s', (_, text, asked, says) => {
  const expiry = expiryOf(parseLifecycle(text), asked, [asked], now)
  if (says === undefined) expect(expiry).toBeUndefined()
  else expect(expiry && sayExpiry(expiry)).toContain(says)
})

test.each([
  [10, 'after 4 more images'],
  [6, "is about to be deleted by rule 1 of the repository's lifecycle policy: newer images fill it"],
  [20, undefined],
])('the newest %i of a kind are kept', (count, says) => {
  const rules = parseLifecycle(policy([more(count, tagged('src-'))]))
  const ours = image(10, 'src-0')
  // Six are newer; one is older and one of another kind.
  const all = [ours, ...[1, 2, 3, 4, 5, 6].map((age) => image(age, `src-${age}`)), image(20, 'src-20'), image(0, 'other')]
  const expiry = expiryOf(rules, ours, all, now)
  expect(needsAll(rules)).toBe(true)
  if (says === undefined) expect(expiry).toBeUndefined()
  else expect(expiry && sayExpiry(expiry)).toContain(says)
})

test('rules are applied in the order of their priority, not of the text', () => {
  const rules = [
    { rulePriority: 9, selection: older(1, any), action: { type: 'expire' } },
    { rulePriority: 2, selection: more(9_999, tagged('keep-')), action: { type: 'expire' } },
  ]
  expect(expiryOf(parseLifecycle(JSON.stringify({ rules })), image(50, 'keep-dev-rel-1'), [], now)).toBeUndefined()
})
