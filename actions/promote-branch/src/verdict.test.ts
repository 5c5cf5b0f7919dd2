import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { example } from '../../../lib/delivery/configuration.case.ts'
import { downstreams } from './environments.ts'
import { cut } from './inert.ts'
import { judge, type Question } from './verdict.ts'

const place = downstreams(example()).find(({ name }) => name === 'prod')
if (place === undefined) throw new Error('prod is gone from the example')
const now = Date.parse('2026-11-21T12:00:00Z')
const of = (tag: string) => ({ api: { image: 'app', tag } })
const question: Question = {
  place,
  entry: 'dev',
  isLast: true,
  pull: { branch: 'staging', isFork: false },
  outcome: { kind: 'tree', merged: of('a'), head: of('a') },
  upstream: of('a'),
  own: 0,
  standing: { standing: 'verified', since: '2026-11-21T11:00:00Z', release: 'rel-1', digests: {} },
  now,
}

type Row = [what: string, state: string, reason: RegExp, change: Partial<Question>]
const rows: Row[] = [
  ['verified for the soak', 'success', /^verified in staging since 2026-11-21 11:00 UTC \(rel-1\)$/, {}],
  [
    'verified too recently',
    'pending',
    /^opens 2026-11-21T12:29:30Z: .*30m$/,
    { standing: { standing: 'verified', since: '2026-11-21T11:59:30Z', release: 'r', digests: {} } },
  ],
  [
    'rejected in another environment',
    'failure',
    /^dev rolled rel-1 back/,
    { standing: { standing: 'rejected', release: 'rel-1', by: 'dev' } },
  ],
  [
    'failed upstream',
    'failure',
    /^its delivery to staging of 2026-11-21 09:00 UTC failed/,
    { standing: { standing: 'failed', at: '2026-11-21T09:00:00Z' } },
  ],
  [
    'under way upstream',
    'pending',
    /^staging has not verified it yet/,
    { standing: { standing: 'under-way' }, upstream: undefined },
  ],
  [
    'at the head of the upstream branch',
    'pending',
    /^staging has not verified it yet/,
    { standing: { standing: 'unknown', hasOlder: false } },
  ],
  [
    'known to nobody',
    'failure',
    /^staging has never verified what this merge makes of app/,
    { standing: { standing: 'unknown', hasOlder: false }, upstream: of('b') },
  ],
  [
    'older than what was looked at',
    'failure',
    /^too long ago: none of the newest deployments to staging is of this/,
    { standing: { standing: 'unknown', hasOlder: true }, upstream: of('b') },
  ],
  [
    'a mixture with own commits',
    'failure',
    /^main would keep 2 commits that staging lacks \(app\)/,
    { outcome: { kind: 'tree', merged: of('m'), head: of('a') }, own: 2 },
  ],
  [
    'a mixture that nothing explains',
    'failure',
    /^main would keep what staging lacks/,
    { outcome: { kind: 'tree', merged: of('m'), head: undefined } },
  ],
  [
    'a mixture from another branch',
    'failure',
    /^the merge would not make of app what feature has; merge main into feature first/,
    { pull: { branch: 'feature', isFork: false }, outcome: { kind: 'tree', merged: of('m'), head: of('a') } },
  ],
  [
    'a conflict',
    'failure',
    /^staging and main conflict in a, b and 1 more: settle that in dev/,
    { outcome: { kind: 'conflict', files: ['a', 'b', 'c'] } },
  ],
  [
    'no delivery.json',
    'failure',
    /^what the merge would create cannot be delivered: gone/,
    { outcome: { kind: 'invalid', problem: 'gone' } },
  ],
  [
    'a hotfix',
    'success',
    /^hotfix: passes without staging/,
    { pull: { branch: 'hotfix/x', isFork: false }, standing: { standing: 'unknown', hasOlder: false }, upstream: undefined },
  ],
  [
    'a hotfix that is a mixture',
    'success',
    /^hotfix/,
    { pull: { branch: 'hotfix/x', isFork: false }, outcome: { kind: 'tree', merged: of('m'), head: of('a') } },
  ],
  [
    'a hotfix that conflicts',
    'failure',
    /^hotfix\/x and main conflict/,
    { pull: { branch: 'hotfix/x', isFork: false }, outcome: { kind: 'conflict', files: ['a'] } },
  ],
  [
    'a hotfix from a fork',
    'failure',
    /never verified/,
    { pull: { branch: 'hotfix/x', isFork: true }, standing: { standing: 'unknown', hasOlder: false }, upstream: undefined },
  ],
  [
    'a hotfix into the middle',
    'failure',
    /never verified/,
    {
      pull: { branch: 'hotfix/x', isFork: false },
      standing: { standing: 'unknown', hasOlder: false },
      upstream: undefined,
      isLast: false,
    },
  ],
  [
    'a hotfix of what was rejected',
    'failure',
    /rejected/,
    { pull: { branch: 'hotfix/x', isFork: false }, standing: { standing: 'rejected', release: 'r', by: 'prod' } },
  ],
]

describe('the verdict', () => {
  test.each(rows)('%s: %s', (_, state, reason, change) => {
    const verdict = judge({ ...question, ...change })
    expect(verdict).toMatchObject({ state, reason: expect.stringMatching(reason) })
    expect(verdict.state === 'failure' && verdict.next === undefined && !verdict.reason.includes('delivered: ')).toBe(false)
  })

  test('tells most things whole within the 140 characters of a status, and quotes the names of branches in commands', () => {
    const long = rows.filter(([, , , change]) => judge({ ...question, ...change }).reason.length > 140).map(([what]) => what)
    expect(long).toEqual([])
    const odd = { branch: "x';rm -rf /;'", isFork: false }
    expect(judge({ ...question, pull: odd, outcome: { kind: 'conflict', files: ['a'] } }).next).toBe(
      String.raw`git switch 'x'\'';rm -rf /;'\''' && git merge origin/main && git push`,
    )
  })

  test('asks for no push to the branch where images enter, which takes pull requests alone', () => {
    const pull = { branch: 'dev', isFork: false }
    const outcomes: Question['outcome'][] = [
      { kind: 'conflict', files: ['a'] },
      { kind: 'tree', merged: of('m'), head: of('a') },
    ]
    for (const outcome of outcomes) {
      const next = (isFork: boolean) => judge({ ...question, pull: { ...pull, isFork }, outcome }).next
      expect(next(false)).toBe('gh pr create --base dev --head main')
      expect(next(true)).toBe('git switch dev && git merge origin/main && git push')
    }
  })

  test('has a description that GitHub takes, whatever branches and files are called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), (branch, files) => {
        const verdict = judge({ ...question, pull: { branch, isFork: false }, outcome: { kind: 'conflict', files } })
        expect(cut(verdict.reason, 140).length).toBeLessThanOrEqual(140)
      }),
    )
  })
})
