import { expect, it } from 'vitest'
import { codeOf } from './functions.ts'
import { causeOf, causeOfRefusal, isPassingCode } from './reasons.ts'

const about = {
  arn: 'arn:aws:lambda:eu-west-1:222222222222:function:events',
  image: '111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/app',
}
const failed = (code: string) =>
  codeOf({ LastUpdateStatus: 'Failed', LastUpdateStatusReason: 'AWS says why', LastUpdateStatusReasonCode: code as never })

it.each<[string, RegExp | undefined]>([
  ['ImageAccessDenied', /^Add to the policy of the repository of 111111111111\.dkr\.ecr/],
  ['ImageDeleted', /no longer in its repository, as after a lifecycle rule/],
  ['InvalidImage', /entry point, command and working directory/],
  ['FunctionError.InvalidEntryPoint', /entry point, command and working directory/],
  ['FunctionError.RuntimeInitError', /failed while it was started: see its log lines/],
  ['FunctionError', /failed while it was started/],
  ['InsufficientRolePermissions', /execution role/],
  ['KMSKeyAccessDenied', /execution role/],
  ['EFSMountTimeout', /subnets, security groups and file systems/],
  ['InternalError', /on the side of AWS/],
  ['VcpuLimitExceeded', /on the side of AWS/],
  ['CodeThatNobodyKnows', undefined],
])('an update that failed with %s is explained, its code is named', (code, remedy) => {
  const cause = causeOf('events', failed(code), about)
  expect(cause).toMatchObject({ reason: `events: the update failed: AWS says why (${code})`, count: 1, container: 'events' })
  if (remedy === undefined) expect(cause.remedy).toBeUndefined()
  else expect(cause.remedy).toMatch(remedy)
})

it('names the statement that Lambda needs to pull, for exactly this function and its account', () => {
  const { remedy = '' } = causeOf('events', failed('ImageAccessDenied'), about)
  expect(JSON.parse(remedy.slice(remedy.indexOf('[')))).toEqual([
    {
      Sid: 'LambdaPull',
      Effect: 'Allow',
      Principal: { Service: 'lambda.amazonaws.com' },
      Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      Condition: { ArnLike: { 'aws:SourceArn': about.arn } },
    },
    {
      Sid: 'AccountPull',
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::222222222222:root' },
      Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
    },
  ])
})

it('knows the same refusal where Lambda answers in a sentence at once', () => {
  const text =
    'lambda:UpdateFunctionCode was denied: Lambda does not have permission to access the ECR image. Check the ECR permissions.'
  expect(causeOfRefusal('events', text, about).remedy).toContain('LambdaPull')
  expect(causeOfRefusal('events', 'Source image x does not exist. Provide a valid source image.', about).remedy).toMatch(
    /lifecycle/,
  )
  expect(causeOfRefusal('events', 'something else', about).remedy).toBeUndefined()
})

it('sends again only what failed on the side of AWS', () => {
  expect(['InternalError', 'EC2RequestLimitExceeded'].map(isPassingCode)).toEqual([true, true])
  expect(['ImageDeleted', 'InvalidImage', 'FunctionError', ''].map(isPassingCode)).toEqual([false, false, false, false])
})
