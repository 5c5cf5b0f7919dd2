import { isMissingStack } from '../../../lib/aws/cloudformation.ts'
import { call, isNamed } from '../../../lib/aws/errors.ts'
import type { Session } from '../../../lib/aws/session.ts'
import { CREATED } from '../../../lib/infrastructure/template.ts'
import type { Stacks } from './stacks.ts'

/** Stacks of the session's account and region. The SDK's client is loaded by the first look at one. */
export const cloudFormation = (session: Session): Stacks => ({
  look: async (StackName) => {
    const { CloudFormationClient, DescribeStacksCommand } = await import('@aws-sdk/client-cloudformation')
    const client = session.client(CloudFormationClient)
    try {
      const send = () => client.send(new DescribeStacksCommand({ StackName }))
      const { Stacks: [stack] = [] } = await call('cloudformation:DescribeStacks', send)
      // Where a change set was made and nothing else, there is no stack yet.
      if (stack?.StackStatus === undefined || stack.StackStatus === 'REVIEW_IN_PROGRESS') return undefined
      const created = stack.Parameters?.find(({ ParameterKey }) => ParameterKey === CREATED)?.ParameterValue
      return { status: stack.StackStatus, isFinished: created !== 'no' }
    } catch (error) {
      if (isMissingStack(error)) return undefined
      if (isNamed(error, 'AccessDenied', 'AccessDeniedException')) return { denied: (error as Error).message }
      throw error
    }
  },
})
