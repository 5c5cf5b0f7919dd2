import { afterAll, beforeAll, expect, test } from 'vitest'
import { check } from './check.ts'
import { rules } from './rules.ts'
import type { Subject } from './subject.ts'
import { awsSubject } from './subjects/aws.ts'

// Started by `npm run test:aws` only: it makes things in the account that is named on purpose, and costs some cents.
let subject: Subject
beforeAll(async () => {
  const account = process.env['SLIPWAY_CONTRACT_ACCOUNT']
  if (account === undefined) throw new Error('SLIPWAY_CONTRACT_ACCOUNT must name the account that the rules are tried in')
  const region = process.env['AWS_REGION'] ?? 'eu-west-1'
  const { SLIPWAY_CONTRACT_SUBNET: subnet, SLIPWAY_CONTRACT_INSTANCE: instance } = process.env
  subject = await awsSubject({ account, region, subnet, instance })
}, 60_000)
afterAll(() => subject?.close(), 600_000)

test.for(rules)('AWS does as its documentation says: $id: $text', { timeout: 3_600_000 }, async (rule, { skip }) => {
  const outcome = await check(rule, subject)
  if (outcome.verdict === 'not-implemented') return skip('it needs what this run was not given')
  expect(outcome).toEqual({ verdict: 'kept' })
})
