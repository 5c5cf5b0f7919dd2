import { expect, test } from 'vitest'
import { explain } from './errors.ts'

const named = (name: string, message: string): Error => Object.assign(new Error(message), { name })

test.each([
  [
    'ecs:RunTask',
    'ClientException',
    "You've reached the limit on the number of vCPUs you can run concurrently",
    'Fargate On-Demand vCPU',
  ],
  [
    'ecs:RunTask',
    'ClientException',
    "You've reached the limit on the number of tasks you can run concurrently",
    'Fargate On-Demand vCPU',
  ],
  ['ecs:UpdateService', 'InvalidParameterException', 'Unable to update service: 5 active deployments exist.', 'five deployments'],
  [
    'ecs:RegisterTaskDefinition',
    'ClientException',
    'Too many concurrent attempts to create a new revision of the specified family.',
    'one revision',
  ],
  ['ecs:RegisterTaskDefinition', 'ClientException', "Actual length: '70000'. Max allowed length is '65536' bytes.", '64 KiB'],
  ['ecs:UpdateService', 'LimitExceededException', 'The limit for the resource was exceeded.', 'Service Quotas'],
  [
    'ecr:PutImage',
    'LimitExceededException',
    'The operation did not succeed because it would have exceeded a service limit for your account.',
    'Images per repository',
  ],
  ['ssm:PutParameter', 'ParameterLimitExceeded', 'The parameter limit was exceeded.', 'Total number of parameters'],
  ['ssm:PutParameter', 'ParameterMaxVersionLimitExceeded', 'The oldest version has a label.', '100 versions'],
  [
    'ssm:PutParameter',
    'TooManyUpdates',
    'There are concurrent updates for a resource that supports one update at a time.',
    'one change',
  ],
  [
    'ssm:PutParameter',
    'ValidationException',
    'Standard tier parameters support a maximum parameter value of 4096 characters.',
    '4 KiB',
  ],
  ['ecs:DescribeServices', 'ThrottlingException', 'Rate exceeded', 'so many ecs:DescribeServices a second'],
  ['ssm:GetParameters', 'ThrottlingException', 'Rate exceeded', 'so many ssm:GetParameters a second'],
  ['sts:GetCallerIdentity', 'Throttling', 'Rate exceeded', 'so many sts:GetCallerIdentity a second'],
  ['ecs:UpdateService', 'ClientException', 'TooManyRequestsException: slow down', 'so many ecs:UpdateService a second'],
])('%s, %s: %s', (call, name, message, says) => {
  const line = explain(call, named(name, message))
  expect(line).toContain(`${call} failed: ${name}: ${message}; `)
  expect(line).toContain(says)
})

test('an error that is about no limit is told as AWS tells it', () => {
  expect(explain('ecs:UpdateService', named('ServiceNotActiveException', 'Service was not ACTIVE.'))).toBe(
    'ecs:UpdateService failed: ServiceNotActiveException: Service was not ACTIVE.',
  )
})

const caller = 'User: arn:aws:sts::222222222222:assumed-role/shop-dev-deploy/run is not authorized to perform:'
const service = 'arn:aws:ecs:eu-west-1:222222222222:service/shop-dev/api'
const passed = 'arn:aws:iam::222222222222:role/shop-dev-api-task'
const repository = 'arn:aws:ecr:eu-west-1:111111111111:repository/shop/app'
const parameter = 'arn:aws:ssm:eu-west-1:222222222222:parameter/shop/dev/release'
const own = 'to the role of this job'

test.each([
  [
    'ecs:UpdateService',
    `${caller} ecs:UpdateService on resource: ${service} because no identity-based policy allows the ecs:UpdateService action`,
    `allow ecs:UpdateService on ${service} ${own}`,
  ],
  [
    'ecs:UpdateService',
    `${caller} iam:PassRole on resource: ${passed} because no identity-based policy allows the iam:PassRole action`,
    `allow iam:PassRole on ${passed} ${own}`,
  ],
  ['ecs:DescribeServices', `${caller} ecs:DescribeServices`, `allow ecs:DescribeServices ${own}`],
  [
    'ecr:BatchGetImage',
    `${caller} ecr:BatchGetImage on resource: ${repository} because no resource-based policy allows the ecr:BatchGetImage action`,
    `allow ecr:BatchGetImage on ${repository} in the policy of that resource ${own}`,
  ],
  [
    'ecr:GetAuthorizationToken',
    `${caller} ecr:GetAuthorizationToken on resource: * because no identity-based policy allows the ecr:GetAuthorizationToken action`,
    `allow ecr:GetAuthorizationToken on * ${own}`,
  ],
  [
    'ssm:PutParameter',
    `${caller} ssm:PutParameter on resource: ${parameter} because no identity-based policy allows the ssm:PutParameter action`,
    `allow ssm:PutParameter on ${parameter} ${own}`,
  ],
  [
    'ssm:PutParameter',
    `${caller} ssm:PutParameter on resource: ${parameter} with an explicit deny in a service control policy`,
    `a statement in the service control policy forbids ssm:PutParameter on ${parameter}`,
  ],
  [
    'ssm:GetParameter',
    `${caller} kms:Decrypt on resource: arn:aws:kms:eu-west-1:222222222222:key/1 because no identity-based policy allows the kms:Decrypt action`,
    'allow kms:Decrypt on arn:aws:kms:eu-west-1:222222222222:key/1 to the role',
  ],
  [
    'ssm:PutParameter',
    `${caller} ssm:PutParameter on resource: ${parameter} with an explicit deny in an identity-based policy`,
    'a statement in the identity-based policy forbids',
  ],
  [
    'ecs:RunTask',
    `${caller} ecs:RunTask on resource: ${service} because no service control policy allows the ecs:RunTask action`,
    "in the organization's service control policy",
  ],
  [
    'ecs:RunTask',
    `${caller} ecs:RunTask on resource: ${service} because no permissions boundary allows the ecs:RunTask action`,
    'in the permissions boundary of the role',
  ],
  [
    'ecs:RunTask',
    `${caller} ecs:RunTask on resource: ${service} because no VPC endpoint policy allows the ecs:RunTask action`,
    'in the policy of the VPC endpoint',
  ],
  [
    'logs:GetLogEvents',
    `${caller} logs:GetLogEvents on resource: arn:aws:logs:eu-west-1:222222222222:log-group:/shop/api:log-stream:x because no session policy allows the logs:GetLogEvents action`,
    'in the policy of the session',
  ],
])('%s denied: %s', (call, message, says) => {
  const line = explain(call, named('AccessDeniedException', message))
  expect(line).toMatch(new RegExp(`^${call} was denied: `))
  expect(line).toContain(says)
})
