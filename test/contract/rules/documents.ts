import { createHash } from 'node:crypto'
import { api, document } from '../documents.ts'
import { type Rule, refusal } from '../rule.ts'
import { unique } from '../subject.ts'

export const documentRules: Rule[] = [
  {
    id: 'ssm.document.hash',
    source: api('DocumentDescription'),
    text: 'DescribeDocument gives the version, and the SHA-256 of the content in hexadecimal',
    async run(subject) {
      const { name, content } = await document(subject)
      const { Document } = await subject.ssm.describeDocument({ Name: name })
      const { Hash, HashType, DocumentVersion, DefaultVersion, LatestVersion } = Document ?? {}
      return [
        Hash === createHash('sha256').update(content).digest('hex'),
        HashType,
        DocumentVersion,
        DefaultVersion,
        LatestVersion,
      ]
    },
    expected: [true, 'Sha256', '1', '1', '1'],
  },
  {
    id: 'ssm.document.content',
    source: api('GetDocument'),
    text: 'GetDocument gives the content of a document that was made as JSON',
    async run(subject) {
      const { name, content } = await document(subject)
      const { Content = '{}', DocumentType, DocumentFormat, Status } = await subject.ssm.getDocument({ Name: name })
      return [JSON.stringify(JSON.parse(Content)) === JSON.stringify(JSON.parse(content)), DocumentType, DocumentFormat, Status]
    },
    expected: [true, 'Command', 'JSON', 'Active'],
  },
  {
    id: 'ssm.document.exists',
    source: api('CreateDocument'),
    text: 'A name is taken once: DocumentAlreadyExists',
    async run(subject) {
      const { name, content } = await document(subject)
      return refusal(
        subject.ssm.createDocument({ Name: name, Content: content, DocumentType: 'Command', DocumentFormat: 'JSON' }),
      )
    },
    expected: 'DocumentAlreadyExists',
  },
  {
    id: 'ssm.document.not-one',
    source: api('CreateDocument'),
    text: 'What is no document is refused: InvalidDocumentContent',
    run: ({ ssm }) =>
      refusal(ssm.createDocument({ Name: unique('document'), Content: 'echo', DocumentType: 'Command', DocumentFormat: 'JSON' })),
    expected: 'InvalidDocumentContent',
  },
  {
    id: 'ssm.document.missing',
    source: api('DescribeDocument'),
    text: 'A missing document is InvalidDocument, for DescribeDocument and GetDocument',
    run: async ({ ssm }) => {
      const Name = unique('missing')
      return [await refusal(ssm.describeDocument({ Name })), await refusal(ssm.getDocument({ Name }))]
    },
    expected: ['InvalidDocument', 'InvalidDocument'],
  },
  {
    id: 'ssm.document.missing-version',
    source: api('DescribeDocument'),
    text: 'A version that does not exist is InvalidDocumentVersion',
    run: async (subject) => {
      const { name } = await document(subject)
      return refusal(subject.ssm.describeDocument({ Name: name, DocumentVersion: '7' }))
    },
    expected: 'InvalidDocumentVersion',
  },
]
