import { describe, expect, it } from 'vitest'
import { trustPolicy } from '../../lib/delivery/trust.ts'
import { evaluateTrust, isAllowed } from './evaluate.ts'

const issuer = 'token.actions.githubusercontent.com'
const trust = trustPolicy('arn:aws:iam::444444444444:oidc-provider/x', [
  { [`${issuer}:aud`]: 'sts.amazonaws.com', [`${issuer}:ref`]: ['refs/heads/main', 'refs/heads/dev'] },
  { [`${issuer}:aud`]: 'other' },
])

describe('a trust policy', () => {
  it('lets in a token for which all conditions of one statement hold, a list being a choice', () => {
    expect(isAllowed(evaluateTrust(trust, { aud: 'sts.amazonaws.com', ref: 'refs/heads/dev' }))).toBe(true)
    expect(isAllowed(evaluateTrust(trust, { aud: 'other' }))).toBe(true)
  })

  it('never mixes its statements', () => {
    expect(isAllowed(evaluateTrust(trust, { aud: 'x', ref: 'refs/heads/main' }))).toBe(false)
  })

  it('says of each condition what it expects and what it found', () => {
    expect(evaluateTrust(trust, { aud: 'STS.amazonaws.com' })[0]).toEqual([
      { claim: 'aud', expected: ['sts.amazonaws.com'], received: 'STS.amazonaws.com', holds: false },
      { claim: 'ref', expected: ['refs/heads/main', 'refs/heads/dev'], received: undefined, holds: false },
    ])
  })

  it('takes nothing from what every object has', () => {
    const odd = trustPolicy('arn', [{ [`${issuer}:constructor`]: 'function Object() { [native code] }' }])
    expect(isAllowed(evaluateTrust(odd, {}))).toBe(false)
  })
})
