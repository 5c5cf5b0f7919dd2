import { afterAll, beforeAll, expect, test } from 'vitest'
import { example } from '../../lib/delivery/configuration.case.ts'
import { identity, type Role } from '../../lib/delivery/identity.ts'
import type { Conditions } from '../../lib/delivery/trust.ts'
import type { Claims } from '../../scripts/oidc-explain/evaluate.ts'
import { INTENDED } from './jobs.case.ts'
import { evaluator } from './judges.case.ts'
import { type Row, rowsOf } from './matrix.case.ts'
import { startMiniStack } from './ministack.ts'

/** The claims of GitHub's tokens that MiniStack maps to condition keys. */
const MAPPED = ['aud', 'sub']

const onlyMapped = (conditions: Conditions): Conditions =>
  Object.fromEntries(Object.entries(conditions).filter(([key]) => MAPPED.includes(key.slice(key.lastIndexOf(':') + 1))))

/** The role with those conditions alone; on a role as it is, MiniStack would refuse everything. */
const reduced = (role: Role): Role => ({
  ...role,
  trust: {
    ...role.trust,
    Statement: role.trust.Statement.map((statement) => ({
      ...statement,
      Condition: { StringEquals: onlyMapped(statement.Condition.StringEquals) },
    })),
  },
})

const { accounts, roles } = identity(example())
const asked = roles.map(reduced)

let miniStack: Awaited<ReturnType<typeof startMiniStack>>
beforeAll(async () => {
  miniStack = await startMiniStack()
  const untouched = roles.map((role) => ({ ...role, name: `${role.name}-whole` }))
  await miniStack.seed(accounts, [...asked, ...untouched])
})
afterAll(() => miniStack.close())

const judge = async (arn: string, { aud, ...claims }: Claims): Promise<boolean> => {
  const token = await miniStack.issuer.sign(claims, aud ?? ([] as never))
  try {
    await miniStack.sts.assumeRoleWithWebIdentity({ RoleArn: arn, RoleSessionName: 'run-1', WebIdentityToken: token })
    return true
  } catch (error) {
    if (error instanceof Error && /^(AccessDenied|InvalidIdentityToken)/.test(error.name)) return false
    throw error
  }
}

const rows: [Role, Row][] = asked.flatMap((role) => rowsOf(INTENDED[role.name] ?? []).map((row): [Role, Row] => [role, row]))

test('MiniStack allows and denies by audience and subject as we do, for every row of every role', async () => {
  const wrong: string[] = []
  let denied = 0
  for (const [role, { name, claims }] of rows) {
    const expected = await evaluator(role, claims)
    if (!expected) denied++
    if ((await judge(role.arn, claims)) !== expected)
      wrong.push(`${role.name}: ${name} should be ${expected ? 'allowed' : 'denied'}`)
  }
  expect(wrong).toEqual([])
  expect(denied).toBeGreaterThan(200)
})

test('it lets in every intended token, and none whose audience or subject is another', async () => {
  for (const role of asked) {
    const intended = rowsOf(INTENDED[role.name] ?? []).filter(({ allowed }) => allowed)
    const subjects = new Set(intended.map(({ claims }) => claims['sub']))
    for (const { claims } of intended) expect(await judge(role.arn, claims)).toBe(true)
    const [first] = intended
    if (first === undefined) throw new Error(role.name)
    for (const { name, claims } of rowsOf(INTENDED[role.name] ?? []))
      if (claims['aud'] !== 'sts.amazonaws.com' || !subjects.has(claims['sub'] ?? ''))
        expect(await judge(role.arn, claims), `${role.name}: ${name}`).toBe(false)
  }
})

test('a condition that it does not know denies, so a whole policy is never weaker there', async () => {
  for (const role of roles) {
    const [own] = rowsOf(INTENDED[role.name] ?? [])
    if (own === undefined) throw new Error(role.name)
    expect(await judge(`${role.arn}-whole`, own.claims)).toBe(false)
  }
})
