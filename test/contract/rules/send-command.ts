import { randomUUID } from 'node:crypto'
import { api, document, guide, sendToNothing } from '../documents.ts'
import { type Rule, refusal, until } from '../rule.ts'
import { unique } from '../subject.ts'

const source = api('SendCommand')

const bounds: [id: string, text: string, more: Parameters<typeof sendToNothing>[2]][] = [
  ['timeout', 'Less than 30 seconds for the delivery', { TimeoutSeconds: 29 }],
  ['comment', 'A comment of more than 100 characters', { Comment: 'x'.repeat(101) }],
  ['concurrency', 'A concurrency of none', { MaxConcurrency: '0' }],
  ['errors', 'More errors than all', { MaxErrors: '101%' }],
]

const refusedParameters: [id: string, text: string, given: Record<string, string[]>][] = [
  ['missing', 'A parameter that is missing and has no default', {}],
  ['unknown', 'A parameter that the document does not have', { Word: ['a'], Other: ['a'] }],
  ['pattern', 'A value that does not match its pattern', { Word: ['A $(b)'] }],
  ['value', 'A value that is not among the allowed ones', { Word: ['a'], Choice: ['three'] }],
]

export const sendCommandRules: Rule[] = [
  ...bounds.map(
    ([id, text, more]): Rule => ({
      id: `ssm.send.${id}`,
      source,
      text: `${text} is a ValidationException`,
      run: async (subject) => refusal(sendToNothing(subject, (await document(subject)).name, more)),
      expected: 'ValidationException',
    }),
  ),
  ...refusedParameters.map(
    ([id, text, Parameters]): Rule => ({
      id: `ssm.send.parameter-${id}`,
      source: id === 'missing' || id === 'unknown' ? source : guide('documents-syntax-data-elements-parameters'),
      text: `${text} is InvalidParameters`,
      run: async (subject) => refusal(sendToNothing(subject, (await document(subject)).name, { Parameters })),
      expected: 'InvalidParameters',
    }),
  ),
  {
    id: 'ssm.send.unknown-document',
    source,
    text: 'A document that does not exist is InvalidDocument, and not a command',
    run: (subject) => refusal(sendToNothing(subject, unique('missing'))),
    expected: 'InvalidDocument',
  },
  {
    id: 'ssm.send.unknown-document-by-id',
    source,
    text: 'That is so for a named instance too: no command that succeeds without having run anything',
    needs: ['hosts'],
    async run({ ssm, instance = '' }) {
      const sent = ssm.sendCommand({ DocumentName: unique('missing'), InstanceIds: [instance], Parameters: { Word: ['a'] } })
      return refusal(sent)
    },
    expected: 'InvalidDocument',
  },
  {
    id: 'ssm.send.unknown-version',
    source,
    text: 'A version of the document that does not exist is InvalidDocumentVersion',
    run: async (subject) => refusal(sendToNothing(subject, (await document(subject)).name, { DocumentVersion: '7' })),
    expected: 'InvalidDocumentVersion',
  },
  {
    id: 'ssm.send.other-hash',
    source,
    text: 'A hash that is not that of the document is InvalidDocument',
    async run(subject) {
      const pinned = { DocumentHash: 'a'.repeat(64), DocumentHashType: 'Sha256' } as const
      return refusal(sendToNothing(subject, (await document(subject)).name, pinned))
    },
    expected: 'InvalidDocument',
  },
  {
    id: 'ssm.send.unknown-instance',
    source,
    text: 'An instance that is no managed node is InvalidInstanceId',
    async run(subject) {
      const { name } = await document(subject)
      const sent = subject.ssm.sendCommand({
        DocumentName: name,
        InstanceIds: ['i-0123456789abcdef0'],
        Parameters: { Word: ['a'] },
      })
      return refusal(sent)
    },
    expected: 'InvalidInstanceId',
  },
  {
    id: 'ssm.send.nothing',
    source: guide('monitor-commands'),
    text: 'A tag that no node has ends the command without a target, and its details say so',
    async run(subject) {
      const { Command } = await sendToNothing(subject, (await document(subject)).name)
      const { CommandId = '' } = Command ?? {}
      const ended = await until(
        subject,
        async () => (await subject.ssm.listCommands({ CommandId })).Commands?.[0] ?? {},
        ({ Status = 'Pending' }) => Status !== 'Pending' && Status !== 'InProgress',
      )
      const { CommandInvocations } = await subject.ssm.listCommandInvocations({ CommandId })
      return [ended.StatusDetails?.replaceAll(' ', ''), ended.TargetCount, CommandInvocations]
    },
    expected: ['NoInstancesInTag', 0, []],
  },
  {
    id: 'ssm.invocation.missing',
    source: api('GetCommandInvocation'),
    text: 'A command that is not known, or not known yet, is InvocationDoesNotExist',
    run: ({ ssm }) => refusal(ssm.getCommandInvocation({ CommandId: randomUUID(), InstanceId: 'i-0123456789abcdef0' })),
    expected: 'InvocationDoesNotExist',
  },
  {
    id: 'ssm.cancel.missing',
    source: api('CancelCommand'),
    text: 'A command that is not known cannot be cancelled: InvalidCommandId',
    run: ({ ssm }) => refusal(ssm.cancelCommand({ CommandId: randomUUID() })),
    expected: 'InvalidCommandId',
  },
]
