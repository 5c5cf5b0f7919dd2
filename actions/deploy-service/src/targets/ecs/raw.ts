import { DescribeTaskDefinitionCommand, type ECSClient, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs'
import { call } from '../../../../../lib/aws/errors.ts'
import type { TaskDefinition } from './revision.ts'

/**
 * Task definitions as the API sends them. The SDK's own types drop every field that is newer than the SDK, and a
 * revision that silently loses a field is an outage; so these two calls read and write the JSON of the wire.
 */
export const describeTaskDefinition = async (ecs: ECSClient, revision: string): Promise<TaskDefinition> => {
  let body = ''
  const command = new DescribeTaskDefinitionCommand({ taskDefinition: revision, include: ['TAGS'] })
  command.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args)
      const response = answer.response as { statusCode: number; body: AsyncIterable<Uint8Array> }
      if (response.statusCode !== 200) return answer
      const chunks: Uint8Array[] = []
      for await (const chunk of response.body) chunks.push(chunk)
      body = Buffer.concat(chunks).toString('utf8')
      return { ...answer, response: { ...response, body: Buffer.from(body) } }
    },
    { step: 'deserialize', priority: 'low', name: 'keepRawTaskDefinition' },
  )
  await call('ecs:DescribeTaskDefinition', () => ecs.send(command))
  const { taskDefinition, tags } = JSON.parse(body)
  return { ...taskDefinition, ...(tags?.length > 0 && { tags }) }
}

/** Resolves to the ARN of the new revision. The client must not retry: the API takes no idempotency token. */
export const registerTaskDefinition = async (ecs: ECSClient, definition: TaskDefinition): Promise<string> => {
  const command = new RegisterTaskDefinitionCommand({ family: definition.family, containerDefinitions: [] })
  command.middlewareStack.add(
    (next) => (args) => {
      Object.assign(args.request as object, { body: JSON.stringify(definition) })
      return next(args)
    },
    { step: 'build', priority: 'high', name: 'sendRawTaskDefinition' },
  )
  const { taskDefinition } = await call('ecs:RegisterTaskDefinition', () => ecs.send(command))
  return taskDefinition?.taskDefinitionArn ?? ''
}
