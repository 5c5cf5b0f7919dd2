import type { SSM } from '@aws-sdk/client-ssm'
import { type Authorization, AwsError, type Call, type InputOf, type Operation } from '../service.ts'
import { type Documents, type DocumentVersion, invalidDocument } from './documents.ts'
import { validation } from './parameter-store.ts'

/** Documents of AWS itself, `AWS-…`, belong to no account. */
export const documentArn = (name: string | undefined, { principal, region }: Call): string => {
  if (name?.startsWith('arn:')) return name
  const owner = /^(AWS|Amazon)[A-Z]*-/.test(name ?? '') ? '' : principal.account
  return `arn:aws:ssm:${region}:${owner}:document/${name}`
}

const onDocument =
  (action: string) =>
  ({ Name }: { Name: string | undefined }, call: Call): Authorization[] => [{ action, resource: documentArn(Name, call) }]

const isDocument = (content: string): boolean => {
  try {
    const { schemaVersion, mainSteps } = JSON.parse(content)
    return typeof schemaVersion === 'string' && Array.isArray(mainSteps)
  } catch {
    return false
  }
}

const describe = (
  { name, version, hash, parsed, createdAt }: DocumentVersion,
  owner: string,
  { latest, default: standard }: { latest: number; default: number },
) => ({
  Name: name,
  Hash: hash,
  HashType: 'Sha256',
  Owner: owner,
  CreatedDate: createdAt,
  Status: 'Active',
  DocumentVersion: String(version),
  LatestVersion: String(latest),
  DefaultVersion: String(standard),
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
})

/** What is made and told of documents. Only JSON is served; a document that is made again has to be deleted first. */
export const documentOperations = (documents: Documents): Record<string, Operation> => {
  const versionsOf = (account: string, region: string, name: string) => ({
    latest: documents.latest(account, region, name),
    default: documents.default(account, region, name),
  })

  const createDocument: Operation<InputOf<SSM, 'CreateDocument'>> = {
    authorize: onDocument('ssm:CreateDocument'),
    run: ({ Name: name = '', Content: content = '' }, { principal: { account }, region }) => {
      const document = { account, region, name, content }
      if (!/^[\w.-]{3,128}$/.test(name)) throw validation(`Value '${name}' at 'name' failed to satisfy constraint`)
      if (documents.exists(document)) throw new AwsError('DocumentAlreadyExists', `Document with name ${name} already exists.`)
      if (Buffer.byteLength(content) > 65_536)
        throw new AwsError('MaxDocumentSizeExceeded', 'The size limit of a document is 64 KB.')
      if (!isDocument(content)) throw new AwsError('InvalidDocumentContent', 'The content of the document is not valid.')
      return { DocumentDescription: describe(documents.put(document), account, { latest: 1, default: 1 }) }
    },
  }

  const updateDocument: Operation<InputOf<SSM, 'UpdateDocument'>> = {
    authorize: onDocument('ssm:UpdateDocument'),
    run: ({ Name: name = '', Content: content = '' }, { principal: { account }, region }) => {
      const { content: before } = documents.get(account, region, name, '$LATEST')
      if (!isDocument(content)) throw new AwsError('InvalidDocumentContent', 'The content of the document is not valid.')
      if (content === before)
        throw new AwsError('DuplicateDocumentContent', 'The content of the association document matches another document.')
      const written = documents.add({ account, region, name, content })
      return { DocumentDescription: describe(written, account, versionsOf(account, region, name)) }
    },
  }

  const updateDefault: Operation<InputOf<SSM, 'UpdateDocumentDefaultVersion'>> = {
    authorize: onDocument('ssm:UpdateDocumentDefaultVersion'),
    run: ({ Name: name = '', DocumentVersion = '' }, { principal: { account }, region }) => {
      const { version } = documents.get(account, region, name, DocumentVersion)
      documents.setDefault({ account, region, name }, version)
      return { Description: { Name: name, DefaultVersion: String(version) } }
    },
  }

  const deleteDocument: Operation<InputOf<SSM, 'DeleteDocument'>> = {
    authorize: onDocument('ssm:DeleteDocument'),
    run: ({ Name: name = '' }, { principal: { account }, region }) => {
      if (!documents.remove({ account, region, name })) throw invalidDocument(`Document with name ${name} does not exist.`)
    },
  }

  const describeDocument: Operation<InputOf<SSM, 'DescribeDocument'>> = {
    authorize: onDocument('ssm:DescribeDocument'),
    run: ({ Name, DocumentVersion }, { principal: { account }, region }) => {
      const document = documents.get(account, region, Name, DocumentVersion)
      return { Document: describe(document, account, versionsOf(account, region, document.name)) }
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
  return {
    CreateDocument: createDocument,
    DeleteDocument: deleteDocument,
    DescribeDocument: describeDocument,
    GetDocument: getDocument,
    UpdateDocument: updateDocument,
    UpdateDocumentDefaultVersion: updateDefault,
  }
}
