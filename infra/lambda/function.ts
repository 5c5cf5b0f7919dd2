import { CfnFunction } from 'aws-cdk-lib/aws-lambda'
import type { CfnLogGroup } from 'aws-cdk-lib/aws-logs'
import type { CfnQueue } from 'aws-cdk-lib/aws-sqs'
import { LONGEST_ANSWER } from '../../lib/delivery/functions.ts'
import { seconds } from '../../lib/delivery/schema/fields.ts'
import { recordedImage } from '../outputs.ts'
import type { PlaceStack } from '../stack.ts'
import { type FunctionPlace, idOf, type LambdaServicePlace } from './place.ts'

/** MiB. */
const MEMORY = 512

/**
 * A function from the recorded image. What is changed here is changed on `$LATEST`, which nobody calls; it reaches the traffic
 * with the deployment that follows.
 */
export const functionOf = (
  stack: PlaceStack,
  { service, name, names }: LambdaServicePlace,
  { key, name: functionName, command }: FunctionPlace,
  { logs, queue, role }: { logs: CfnLogGroup; queue: CfnQueue; role: string },
): void => {
  const { memory, timeout, reservedConcurrency, tracing, variables, secrets, image } = service
  const [platform = 'linux/amd64'] = stack.configuration.images[image]?.platforms ?? []
  new CfnFunction(stack, `Function${idOf(key)}`, {
    functionName,
    description: `${key} of ${name} in ${stack.place}`,
    packageType: 'Image',
    code: { imageUri: recordedImage(stack, name) },
    architectures: [platform === 'linux/arm64' ? 'arm64' : 'x86_64'],
    ...(command && { imageConfig: { command: [...command] } }),
    role,
    memorySize: memory ?? MEMORY,
    timeout: timeout === undefined ? LONGEST_ANSWER : seconds(timeout),
    environment: {
      variables: { SERVICE: name, ENVIRONMENT: stack.place, ...variables, ...(secrets && { SECRET_ID: names.secret }) },
    },
    loggingConfig: { logFormat: 'JSON', logGroup: logs.ref },
    deadLetterConfig: { targetArn: queue.attrArn },
    ...(tracing === true && { tracingConfig: { mode: 'Active' } }),
    ...(reservedConcurrency !== undefined && { reservedConcurrentExecutions: reservedConcurrency }),
  })
}
