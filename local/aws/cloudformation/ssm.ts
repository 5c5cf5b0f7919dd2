import type { Properties } from './model.ts'
import type { Provisioners } from './provisioner.ts'

const nameOf = (properties: Properties): string => String(properties['Name'])

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_SSM.html */
export const ssmProvisioners: Provisioners = {
  'AWS::SSM::Parameter': {
    replaces: (changed) => changed.includes('Name'),
    create: async (properties, { call }) => {
      await call('ssm', 'PutParameter', { ...properties, Tags: undefined })
      return {
        physicalId: nameOf(properties),
        attributes: { Value: String(properties['Value']), Type: String(properties['Type']) },
      }
    },
    update: async (made, properties, { call }) => {
      await call('ssm', 'PutParameter', { ...properties, Tags: undefined, Overwrite: true })
      return { ...made, attributes: { ...made.attributes, Value: String(properties['Value']) } }
    },
    remove: async ({ physicalId: Name }, { call }) => {
      await call('ssm', 'DeleteParameter', { Name })
    },
  },

  // Without `UpdateMethod: NewVersion` other content is another document, and the name is taken.
  'AWS::SSM::Document': {
    replaces: (changed) => changed.includes('Name'),
    create: async (properties, { call }) => {
      await call('ssm', 'CreateDocument', { Name: nameOf(properties), Content: contentOf(properties) })
      return { physicalId: nameOf(properties), attributes: {} }
    },
    update: async (made, properties, { call }) => {
      if (properties['UpdateMethod'] !== 'NewVersion') {
        throw new Error(
          'CloudFormation cannot update a stack when a custom-named resource requires replacing. ' +
            `Rename ${made.physicalId} and update the stack again.`,
        )
      }
      const input = { Name: made.physicalId, Content: contentOf(properties), DocumentVersion: '$LATEST' }
      const { DocumentDescription } = await call('ssm', 'UpdateDocument', input)
      const { DocumentVersion } = DocumentDescription as { DocumentVersion: string }
      await call('ssm', 'UpdateDocumentDefaultVersion', { Name: made.physicalId, DocumentVersion })
      return made
    },
    remove: async ({ physicalId: Name }, { call }) => {
      await call('ssm', 'DeleteDocument', { Name })
    },
  },
}

const contentOf = ({ Content }: Properties): string => (typeof Content === 'string' ? Content : JSON.stringify(Content))
