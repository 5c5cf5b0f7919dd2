import { CloudFormation } from '@aws-sdk/client-cloudformation'
import { expect, test } from 'vitest'
import { standingOf } from './change-set.ts'

test('a stack that cannot go back by itself is refused with the command that makes it, in its own region', async () => {
  const client = Object.assign(
    new CloudFormation({
      region: 'us-east-1',
      requestHandler: { requestTimeout: 1, connectionTimeout: 1, throwOnRequestTimeout: true },
    }),
    { describeStacks: async () => ({ Stacks: [{ StackStatus: 'UPDATE_ROLLBACK_FAILED' }] }) },
  )
  await expect(standingOf(client, { name: 'shop-dev-budgets', region: 'us-east-1' })).rejects.toThrow(
    'aws cloudformation continue-update-rollback --stack-name shop-dev-budgets --region us-east-1',
  )
})
