import type { SSM } from '@aws-sdk/client-ssm'
import type { Authorization, Call, InputOf, Operation } from '../service.ts'
import type { Documents } from './documents.ts'

/** Documents of AWS itself, `AWS-…`, belong to no account. */
export const documentArn = (name: string | undefined, { principal, region }: Call): string => {
  if (name?.startsWith('arn:')) return name
  const owner = /^(AWS|Amazon)[A-Z]*-/.test(name ?? '') ? '' : principal.account
  return `arn:aws:ssm:${region}:${owner}:document/${name}`
}

const onDocument =
  (action: string) =>
  ({ Name }: { Name: string | undefined }, call: Call): Authorization[] => [{ action, resource: documentArn(Name, call) }]

/** What the SDK is told of a document. */
export const documentOperations = (documents: Documents): Record<string, Operation> => {
  const describeDocument: Operation<InputOf<SSM, 'DescribeDocument'>> = {
    authorize: onDocument('ssm:DescribeDocument'),
    run: ({ Name, DocumentVersion }, { principal: { account }, region }) => {
      const { name, version, hash, parsed, createdAt } = documents.get(account, region, Name, DocumentVersion)
      const latest = String(documents.latest(account, region, name))
      return {
        Document: {
          Name: name,
          Hash: hash,
          HashType: 'Sha256',
          Owner: account,
          CreatedDate: createdAt,
          Status: 'Active',
          DocumentVersion: String(version),
          LatestVersion: latest,
          DefaultVersion: latest,
          Description: parsed.description,
          DocumentType: 'Command',
          DocumentFormat: 'JSON',
          SchemaVersion: parsed.schemaVersion,
          PlatformTypes: ['Linux', 'MacOS'],
          Parameters: Object.entries(parsed.parameters ?? {}).map(([Name, { type, default: given }]) => ({
            Name,
            Type: type,
            DefaultValue: given === undefined ? undefined : [given].flat().join(','),
          })),
        },
      }
    },
  }

  const getDocument: Operation<InputOf<SSM, 'GetDocument'>> = {
    authorize: onDocument('ssm:GetDocument'),
    run: ({ Name, DocumentVersion }, { principal: { account }, region }) => {
      const { name, version, content, createdAt } = documents.get(account, region, Name, DocumentVersion)
      return {
        Name: name,
        CreatedDate: createdAt,
        DocumentVersion: String(version),
        Status: 'Active',
        Content: content,
        DocumentType: 'Command',
        DocumentFormat: 'JSON',
      }
    },
  }
  return { DescribeDocument: describeDocument, GetDocument: getDocument }
}
