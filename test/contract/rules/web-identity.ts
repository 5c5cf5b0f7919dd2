import { deployClaims as job } from '../../../local/github/claims.case.ts'
import { roleArn } from '../roles.ts'
import { type Rule, refusal } from '../rule.ts'
import type { Subject } from '../subject.ts'

const source = 'https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html'
const conditions = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html'
const needs: Rule['needs'] = ['roles']

const assume = ({ sts, account }: Subject, WebIdentityToken: string | undefined, role = 'contract-deploy') => {
  const asked = { RoleArn: roleArn(account, role), RoleSessionName: 'run-1', WebIdentityToken: WebIdentityToken ?? '' }
  return refusal(sts.assumeRoleWithWebIdentity(asked))
}

/** Other bytes in the place of the signature. */
const forged = (token = ''): string => {
  const [header, claims, signature = ''] = token.split('.')
  const other = signature.replace(/^./, (sign) => (sign === 'A' ? 'B' : 'A'))
  return `${header}.${claims}.${other}`
}

export const webIdentityRules: Rule[] = [
  {
    id: 'sts.web.accepted',
    source,
    text: 'A token whose claims satisfy the trust policy gets a session',
    needs,
    run: async (subject) => assume(subject, await subject.token?.()),
    expected: 'accepted',
  },
  {
    id: 'sts.web.audience',
    source,
    text: 'An audience that the provider does not list is InvalidIdentityTokenException',
    needs,
    run: async (subject) => assume(subject, await subject.token?.(job, 'https://github.com/acme')),
    expected: 'InvalidIdentityTokenException',
  },
  {
    id: 'sts.web.expired',
    source,
    text: 'A token that has expired is ExpiredTokenException',
    needs,
    run: async (subject) => assume(subject, await subject.token?.(job, 'sts.amazonaws.com', { lifetime: -60 })),
    expected: 'ExpiredTokenException',
  },
  {
    id: 'sts.web.signature',
    source,
    text: 'A token with another signature is InvalidIdentityTokenException',
    needs,
    run: async (subject) => assume(subject, forged(await subject.token?.())),
    expected: 'InvalidIdentityTokenException',
  },
  {
    id: 'sts.web.garbage',
    source,
    text: 'Text that is no token is InvalidIdentityTokenException',
    needs,
    run: (subject) => assume(subject, 'garbage'),
    expected: 'InvalidIdentityTokenException',
  },
  {
    id: 'sts.web.issuer',
    source,
    text: 'A token of an issuer that the account has no provider for is InvalidIdentityTokenException',
    needs,
    run: async (subject) =>
      assume(subject, await subject.token?.(job, 'sts.amazonaws.com', { issuer: 'https://tokens.example.org' })),
    expected: 'InvalidIdentityTokenException',
  },
  {
    id: 'sts.web.missing-role',
    source,
    text: 'A role that does not exist is AccessDenied',
    needs,
    run: async (subject) => assume(subject, await subject.token?.(), 'contract-none'),
    expected: 'AccessDenied',
  },
  {
    id: 'sts.web.subject',
    source: conditions,
    text: 'A subject that the trust policy does not name is AccessDenied',
    needs,
    run: async (subject) => assume(subject, await subject.token?.(), 'contract-deploy-main'),
    expected: 'AccessDenied',
  },
  {
    id: 'sts.web.ref',
    source: conditions,
    text: "GitHub's ref claim is a condition key: the ref of the policy is let in",
    needs,
    run: async (subject) => assume(subject, await subject.token?.(), 'contract-deploy-ref'),
    expected: 'accepted',
  },
  {
    id: 'sts.web.other-ref',
    source: conditions,
    text: "GitHub's ref claim is a condition key: another ref is AccessDenied",
    needs,
    run: async (subject) => assume(subject, await subject.token?.({ ...job, ref: 'refs/heads/other' }), 'contract-deploy-ref'),
    expected: 'AccessDenied',
  },
  {
    id: 'sts.web.not-by-keys',
    source,
    text: 'A role that trusts only an account takes no token: AccessDenied',
    needs,
    run: async (subject) => assume(subject, await subject.token?.(), 'contract-chained'),
    expected: 'AccessDenied',
  },
]
