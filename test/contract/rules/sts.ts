import { deployClaims as job } from '../../../local/github/claims.case.ts'
import { roleArn } from '../roles.ts'
import { type Rule, refusal } from '../rule.ts'
import type { Keys, Subject } from '../subject.ts'

const api = (name: string): string => `https://docs.aws.amazon.com/STS/latest/APIReference/API_${name}.html`
const guide = (page: string): string => `https://docs.aws.amazon.com/IAM/latest/UserGuide/${page}.html`

type More = { RoleArn?: string; RoleSessionName?: string; DurationSeconds?: number; WebIdentityToken?: string }

const web = async ({ sts, account, token }: Subject, more: More = {}) =>
  sts.assumeRoleWithWebIdentity({
    RoleArn: roleArn(account, 'contract-deploy'),
    RoleSessionName: 'run-1',
    WebIdentityToken: more.WebIdentityToken ?? (await token?.()) ?? '',
    ...more,
  })

const chained = ({ sts, account }: Subject, more: More = {}) =>
  sts.assumeRole({ RoleArn: roleArn(account, 'contract-chained'), RoleSessionName: 'run-1', ...more })

const keysOf = ({ Credentials }: Awaited<ReturnType<typeof chained>>): Keys => ({
  accessKeyId: Credentials?.AccessKeyId ?? '',
  secretAccessKey: Credentials?.SecretAccessKey ?? '',
  sessionToken: Credentials?.SessionToken ?? '',
})

const minutesLeft = ({ Credentials }: Awaited<ReturnType<typeof chained>>): number =>
  Math.round(((Credentials?.Expiration?.getTime() ?? 0) - Date.now()) / 60_000)

const needs: Rule['needs'] = ['roles']

export const stsRules: Rule[] = [
  {
    id: 'sts.identity.session',
    source: api('GetCallerIdentity'),
    text: 'The keys of an assumed role are its session: account of the role, assumed-role ARN, role id and session name',
    needs,
    async run(subject) {
      const { Account, Arn, UserId } = await subject.signedBy(keysOf(await chained(subject))).getCallerIdentity({})
      const arn = `arn:aws:sts::${subject.account}:assumed-role/contract-chained/run-1`
      return [Account === subject.account, Arn === arn, UserId?.replace(/^AROA[A-Z0-9]{17}:/, 'ID:')]
    },
    expected: [true, true, 'ID:run-1'],
  },
  {
    id: 'sts.identity.unknown-key',
    source: guide('troubleshoot_general'),
    text: 'An access key that nobody has is InvalidClientTokenId',
    run: ({ signedBy }) => {
      const keys = { accessKeyId: 'AKIAIOSFODNN7NOBODY1', secretAccessKey: 'x'.repeat(40) }
      return refusal(signedBy(keys).getCallerIdentity({}))
    },
    expected: 'InvalidClientTokenId',
  },
  {
    id: 'sts.identity.wrong-token',
    source: guide('id_credentials_temp_use-resources'),
    text: 'Keys of a session with the token of another one are InvalidClientTokenId',
    needs,
    async run(subject) {
      const sessionToken = keysOf(await chained(subject)).sessionToken ?? ''
      return refusal(subject.signedBy({ ...keysOf(await chained(subject)), sessionToken }).getCallerIdentity({}))
    },
    expected: 'InvalidClientTokenId',
  },
  {
    id: 'sts.role.answer',
    source: api('AssumeRole'),
    text: 'AssumeRole answers with an ASIA key, and with the ARN and the id of the session',
    needs,
    async run(subject) {
      const { Credentials, AssumedRoleUser } = await chained(subject)
      const arn = `arn:aws:sts::${subject.account}:assumed-role/contract-chained/run-1`
      const id = AssumedRoleUser?.AssumedRoleId?.replace(/^AROA[A-Z0-9]{17}:/, 'ID:')
      return [Credentials?.AccessKeyId?.slice(0, 4), AssumedRoleUser?.Arn === arn, id]
    },
    expected: ['ASIA', true, 'ID:run-1'],
  },
  {
    id: 'sts.role.hour',
    source: api('AssumeRole'),
    text: 'A session lasts an hour unless DurationSeconds says otherwise',
    needs,
    run: async (subject) => [minutesLeft(await chained(subject)), minutesLeft(await chained(subject, { DurationSeconds: 900 }))],
    expected: [60, 15],
  },
  {
    id: 'sts.role.missing',
    source: guide('troubleshoot_roles'),
    text: 'A role that does not exist is AccessDenied: STS does not say which names there are',
    needs,
    run: (subject) => refusal(chained(subject, { RoleArn: roleArn(subject.account, 'contract-none') })),
    expected: 'AccessDenied',
  },
  {
    id: 'sts.role.untrusted',
    source: api('AssumeRole'),
    text: 'A role whose trust policy does not name the caller is AccessDenied',
    needs,
    run: (subject) => refusal(chained(subject, { RoleArn: roleArn(subject.account, 'contract-strangers') })),
    expected: 'AccessDenied',
  },
  {
    id: 'sts.role.too-short',
    source: api('AssumeRole'),
    text: 'DurationSeconds below 900 is a ValidationError',
    needs,
    run: (subject) => refusal(chained(subject, { DurationSeconds: 899 })),
    expected: 'ValidationError',
  },
  {
    id: 'sts.role.too-long',
    source: api('AssumeRole'),
    text: 'DurationSeconds above 43200 is a ValidationError',
    needs,
    run: (subject) => refusal(chained(subject, { DurationSeconds: 43_201 })),
    expected: 'ValidationError',
  },
  {
    id: 'sts.role.beyond-maximum',
    source: api('AssumeRoleWithWebIdentity'),
    text: "More than the role's maximum session duration, an hour by default, is a ValidationError",
    needs,
    run: (subject) => refusal(web(subject, { DurationSeconds: 3_601 })),
    expected: 'ValidationError',
  },
  {
    id: 'sts.role.up-to-maximum',
    source: api('AssumeRole'),
    text: "As much as the role's maximum session duration is given",
    needs,
    run: async (subject) => minutesLeft(await chained(subject, { DurationSeconds: 43_200 })),
    expected: 720,
  },
  {
    id: 'sts.role.chaining',
    source: guide('id_roles_terms-and-concepts'),
    text: 'A role assumed with the keys of a role lasts an hour at most, whatever its maximum: ValidationError',
    needs,
    async run(subject) {
      const sts = subject.signedBy(keysOf(await web(subject)))
      return refusal(chained({ ...subject, sts }, { DurationSeconds: 3_601 }))
    },
    expected: 'ValidationError',
  },
  {
    id: 'sts.role.session-name',
    source: api('AssumeRole'),
    text: 'A session name with other signs than letters, digits and _=,.@- is a ValidationError',
    needs,
    run: (subject) => refusal(chained(subject, { RoleSessionName: 'run 1/2' })),
    expected: 'ValidationError',
  },
  {
    id: 'sts.web.answer',
    source: api('AssumeRoleWithWebIdentity'),
    text: "A token's session names its subject, its audience and its provider",
    needs,
    async run(subject) {
      const { SubjectFromWebIdentityToken, Audience, Provider } = await web(subject)
      const provider = `arn:aws:iam::${subject.account}:oidc-provider/token.actions.githubusercontent.com`
      return [SubjectFromWebIdentityToken === job['sub'], Audience, Provider === provider]
    },
    expected: [true, 'sts.amazonaws.com', true],
  },
]
