import { isDeepStrictEqual } from 'node:util'
import type { FunctionConfiguration } from '@aws-sdk/client-lambda'
import type { Properties } from './model.ts'
import type { Provisioners, Tools } from './provisioner.ts'

const settled = async ({ call, sleep, pace }: Tools, FunctionName: unknown): Promise<FunctionConfiguration> => {
  for (;;) {
    const { Configuration } = (await call('lambda', 'GetFunction', { FunctionName })) as { Configuration: FunctionConfiguration }
    const { State, StateReason, LastUpdateStatus, LastUpdateStatusReason } = Configuration
    if (State === 'Failed' || LastUpdateStatus === 'Failed')
      throw new Error(
        `Resource handler returned message: "${LastUpdateStatusReason ?? StateReason}" (HandlerErrorCode: NotStabilized)`,
      )
    if (State !== 'Pending' && LastUpdateStatus !== 'InProgress') return Configuration
    await sleep(pace.poll)
  }
}

const result = ({ FunctionName = '', FunctionArn = '' }: FunctionConfiguration) => ({
  physicalId: FunctionName,
  attributes: { Arn: FunctionArn },
})

const inputOf = ({ Tags: _, ...properties }: Properties): Properties => properties

/**
 * `$LATEST` alone: versions and aliases are none of its business.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html
 */
export const lambdaProvisioners: Provisioners = {
  'AWS::Lambda::Function': {
    replaces: (changed) => changed.some((name) => name === 'FunctionName' || name === 'PackageType'),
    create: async (properties, tools) => {
      const { FunctionName = `${tools.stack}-${tools.logicalId}` } = properties
      const { ImageUri } = (properties['Code'] ?? {}) as { ImageUri?: string }
      const PackageType = ImageUri === undefined ? 'Zip' : 'Image'
      tools.named(result(await tools.call('lambda', 'CreateFunction', { ...inputOf(properties), FunctionName, PackageType })))
      return result(await settled(tools, FunctionName))
    },
    update: async (made, properties, tools) => {
      const { physicalId: FunctionName, properties: before } = made
      const { Code, ...configuration } = inputOf(properties)
      const { Code: codeBefore, ...configurationBefore } = inputOf(before)
      if (!isDeepStrictEqual(Code, codeBefore)) {
        await tools.call('lambda', 'UpdateFunctionCode', { FunctionName, ...(Code as Properties) })
        await settled(tools, FunctionName)
      }
      if (!isDeepStrictEqual(configuration, configurationBefore))
        await tools.call('lambda', 'UpdateFunctionConfiguration', { ...configuration, FunctionName })
      return result(await settled(tools, FunctionName))
    },
    remove: async ({ physicalId: FunctionName }, { call }) => {
      await call('lambda', 'DeleteFunction', { FunctionName })
    },
  },
}
