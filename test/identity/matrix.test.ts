import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { example } from '../../lib/delivery/configuration.case.ts'
import { identity } from '../../lib/delivery/identity.ts'
import { type Cloud, startCloud } from '../../local/cloud.ts'
import { type Claims, evaluateTrust, isAllowed } from '../../scripts/oidc-explain/evaluate.ts'
import { claimsOf, INTENDED } from './jobs.case.ts'
import { evaluator, iamSimulate, type Judge, localSts, mappedClaims } from './judges.case.ts'
import { rowsOf } from './matrix.case.ts'

const { accounts, roles } = identity(example())

let cloud: Cloud
let judges: Record<string, Judge>
beforeAll(async () => {
  cloud = await startCloud({ scenario: { accounts, roles: roles.map(({ arn, trust }) => ({ arn, trust })) } })
  judges = { evaluator, 'local STS': localSts(cloud), 'iam-simulate': await iamSimulate() }
})
afterAll(() => cloud.close())

/** Whether two tokens are of the same kind of job: all but what started it is equal. */
const isOf = (claims: Claims, other: Claims): boolean =>
  Object.keys({ ...claims, ...other }).every((name) => name === 'event_name' || claims[name] === other[name])

/** What each judge says otherwise than intended. */
const disagreements = async (judge: Judge, asked: typeof roles): Promise<string[]> => {
  const answers = asked.flatMap((role) =>
    rowsOf(INTENDED[role.name] ?? []).map(async ({ name, claims, allowed }) =>
      (await judge(role, claims)) === allowed ? [] : [`${role.name}: ${name} should be ${allowed ? 'allowed' : 'denied'}`],
    ),
  )
  return (await Promise.all(answers)).flat()
}

describe('who may assume which role', () => {
  it('is said for every role', () => {
    expect(roles.map(({ name }) => name).toSorted()).toEqual(Object.keys(INTENDED).toSorted())
  })

  it.each(['evaluator', 'local STS', 'iam-simulate'])('is exactly what is intended, says the %s', async (name) => {
    const judge = judges[name]
    if (judge === undefined) throw new Error(name)
    expect(await disagreements(judge, roles)).toEqual([])
  })

  it('is no other role of the same project, for any of these tokens', async () => {
    const tokens = Object.values(INTENDED).flatMap(rowsOf)
    const wrong = tokens.flatMap(({ name, claims }) => {
      const got = roles.filter(({ trust }) => isAllowed(evaluateTrust(trust, claims))).map((role) => role.name)
      const due = Object.entries(INTENDED)
        .filter(([, places]) => places.some((place) => isOf(claims, claimsOf(place))))
        .map(([role]) => role)
      return got.toSorted().join() === due.toSorted().join() ? [] : [`${name}: ${got} instead of ${due}`]
    })
    expect(wrong).toEqual([])
  })

  it('follows the form of the subject that the repository emits', async () => {
    const byName = { ...example(), repository: { ...example().repository, subject: 'name' as const } }
    const deploy = identity(byName).roles.find(({ name }) => name === 'shop-prod-deploy')
    const [place] = INTENDED['shop-prod-deploy'] ?? []
    if (deploy === undefined || place === undefined) throw new Error('no such role')
    for (const judge of [evaluator, await iamSimulate()]) {
      expect(await judge(deploy, claimsOf(place, { subject: 'name' }))).toBe(true)
      expect(await judge(deploy, claimsOf(place))).toBe(false)
      expect(await judge(deploy, claimsOf(place, { subject: 'name', repositoryId: 3 }))).toBe(false)
    }
  })

  it('asks only for claims that AWS maps to condition keys', async () => {
    const mapped = await mappedClaims()
    const asked = roles.flatMap(({ trust }) => trust.Statement.flatMap(({ Condition }) => Object.keys(Condition.StringEquals)))
    expect(asked.map((key) => key.slice(key.lastIndexOf(':') + 1)).filter((claim) => !mapped.has(claim))).toEqual([])
  })
})
