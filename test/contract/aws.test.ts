import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { check } from './check.ts'
import { rules } from './rules.ts'
import type { Subject } from './subject.ts'
import { awsSubject } from './subjects/aws.ts'

const account = process.env['SLIPWAY_CONTRACT_ACCOUNT']
const region = process.env['AWS_REGION'] ?? 'eu-west-1'

// Only where someone names the account on purpose: it makes things in it, and costs some cents.
if (account === undefined) {
  test.skip('AWS does as its documentation says (SLIPWAY_CONTRACT_ACCOUNT names no account)')
} else {
  describe('AWS does as its documentation says', () => {
    let subject: Subject
    beforeAll(async () => {
      subject = await awsSubject({ account, region, subnet: process.env['SLIPWAY_CONTRACT_SUBNET'] })
    }, 60_000)
    afterAll(() => subject.close(), 600_000)

    test.for(rules)('$id: $text', { timeout: 3_600_000 }, async (rule, { skip }) => {
      const outcome = await check(rule, subject)
      if (outcome.verdict === 'not-implemented') return skip('it needs what this run was not given')
      expect(outcome).toEqual({ verdict: 'kept' })
    })
  })
}
