import { createHash } from 'node:crypto'
import { AwsError, inEachRegion } from '../service.ts'

/** A Command document of schema 2.2, as far as it is looked at here. */
export type DocumentContent = {
  schemaVersion: string
  description?: string
  parameters?: Record<string, DocumentParameter>
  mainSteps: DocumentStep[]
}

export type DocumentParameter = {
  type: 'String' | 'StringList'
  default?: string | string[]
  allowedValues?: string[]
  allowedPattern?: string
  minChars?: number
  maxChars?: number
  interpolationType?: 'ENV_VAR'
}

export type DocumentStep = {
  action: string
  name: string
  precondition?: Record<string, string[]>
  inputs: { runCommand: string[]; timeoutSeconds?: number | string; workingDirectory?: string }
}

export type DocumentVersion = {
  name: string
  version: number
  /** As it was stored: what the hash is made of. */
  content: string
  parsed: DocumentContent
  /** SHA-256 in lower-case hexadecimal. */
  hash: string
  createdAt: Date
}

export type GivenDocument = { account: string; region: string; name: string; content: string | object }

export const invalidDocument = (message: string): AwsError => new AwsError('InvalidDocument', message)

/** Every version of the documents of an account in a region. */
export const createDocuments = (given: GivenDocument[], now: () => Date) => {
  const regions = inEachRegion(() => new Map<string, DocumentVersion[]>())
  /** Versions that `$DEFAULT` stands for. */
  const defaults = inEachRegion(() => new Map<string, number>())
  const add = ({ account, region, name, content }: GivenDocument): DocumentVersion => {
    const text = typeof content === 'string' ? content : JSON.stringify(content)
    const documents = regions.find(account, region)
    const versions = documents.get(name) ?? []
    const hash = createHash('sha256').update(text).digest('hex')
    const version = versions.length + 1
    const written = { name, version, content: text, parsed: JSON.parse(text), hash, createdAt: now() }
    documents.set(name, [...versions, written])
    return written
  }
  const put = (document: GivenDocument): DocumentVersion => {
    const written = add(document)
    defaults.find(document.account, document.region).set(document.name, written.version)
    return written
  }
  for (const document of given) put(document)

  return {
    /** Makes the document, or its next version, which becomes the default. */
    put,
    /** The next version; the default stays. */
    add,
    default: (account: string, region: string, name: string): number => defaults.find(account, region).get(name) ?? 0,
    setDefault: ({ account, region, name }: Omit<GivenDocument, 'content'>, version: number): void =>
      void defaults.find(account, region).set(name, version),
    /** By name or ARN; `selector` is a number, `$LATEST`, `$DEFAULT` or nothing. Throws AWS's errors. */
    get(account: string, region: string, name = '', selector = '$DEFAULT'): DocumentVersion {
      const plain = name.replace(/^arn:aws:ssm:[^:]+:\d+:document\//, '')
      const versions = regions.find(account, region).get(plain)
      const latest = versions?.at(-1)
      if (versions === undefined || latest === undefined) throw invalidDocument(`Document with name ${plain} does not exist.`)
      const wanted = selector === '$DEFAULT' ? String(defaults.find(account, region).get(plain)) : selector
      const found = wanted === '$LATEST' ? latest : versions.find(({ version }) => String(version) === wanted)
      if (found !== undefined) return found
      const message = `The document version ${selector} is not valid or does not exist for document ${plain}.`
      throw new AwsError('InvalidDocumentVersion', message)
    },
    exists: ({ account, region, name }: Omit<GivenDocument, 'content'>): boolean => regions.find(account, region).has(name),
    remove: ({ account, region, name }: Omit<GivenDocument, 'content'>): boolean => regions.find(account, region).delete(name),
    latest: (account: string, region: string, name: string): number => regions.find(account, region).get(name)?.length ?? 0,
  }
}

export type Documents = ReturnType<typeof createDocuments>

/** Throws AWS's error unless the hash that a caller pinned is that of the content. */
export const requireHash = ({ name, hash, content }: DocumentVersion, pinned: string | undefined, type = 'Sha256'): void => {
  if (pinned === undefined) return
  const actual = type === 'Sha1' ? createHash('sha1').update(content).digest('hex') : hash
  if (pinned !== actual) throw invalidDocument(`The hash ${pinned} is not that of document ${name}.`)
}
