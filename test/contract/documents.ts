import type { CommandInvocation, GetCommandInvocationResult, SendCommandRequest } from '@aws-sdk/client-ssm'
import { until } from './rule.ts'
import { type Subject, unique } from './subject.ts'

export const api = (name: string): string => `https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_${name}.html`
export const guide = (page: string): string => `https://docs.aws.amazon.com/systems-manager/latest/userguide/${page}.html`

/** A document of one script, as JSON text with an indentation of its own, so that a rewritten one is seen. */
export const contentOf = (lines: string[], parameters: object = {}, timeoutSeconds = '60'): string =>
  JSON.stringify(
    {
      schemaVersion: '2.2',
      description: 'a contract',
      parameters,
      mainSteps: [{ action: 'aws:runShellScript', name: 'script', inputs: { timeoutSeconds, runCommand: lines } }],
    },
    undefined,
    1,
  )

export const parameters = {
  Word: { type: 'String', description: 'a word', allowedPattern: '^[a-z]+$' },
  Choice: { type: 'String', description: 'one of two', allowedValues: ['one', 'two'], default: 'one' },
}

/** Makes a document; resolves to its name and content. */
export const document = async (subject: Subject, Content = contentOf(['true'], parameters)) => {
  const Name = unique('document')
  await subject.ssm.createDocument({ Name, Content, DocumentType: 'Command', DocumentFormat: 'JSON' })
  subject.afterwards(() => subject.ssm.deleteDocument({ Name }))
  return { name: Name, content: Content }
}

/** Sends a document to whatever has a tag that nothing has, so that nothing runs anywhere. */
export const sendToNothing = (subject: Subject, DocumentName: string, more: Partial<SendCommandRequest> = {}) => {
  const Targets = [{ Key: 'tag:slipway-contract', Values: [unique('nothing')] }]
  return subject.ssm.sendCommand({ DocumentName, Targets, Parameters: { Word: ['a'] }, ...more })
}

type Ended = { got: GetCommandInvocationResult; listed: CommandInvocation }

/** Runs a script on the subject's instance to its end; resolves to both views of it. */
export const ran = async (
  subject: Subject,
  lines: string[],
  more: { parameters?: object; given?: Record<string, string>; seconds?: string } = {},
): Promise<Ended> => {
  const { name } = await document(subject, contentOf(['#!/bin/bash', ...lines], more.parameters, more.seconds ?? '600'))
  const { instance = '' } = subject
  const Parameters = Object.fromEntries(Object.entries(more.given ?? {}).map(([key, value]) => [key, [value]]))
  const { Command } = await subject.ssm.sendCommand({ DocumentName: name, InstanceIds: [instance], Parameters })
  return ended(subject, Command?.CommandId ?? '')
}

export const ended = async (subject: Subject, CommandId: string): Promise<Ended> => {
  const { instance: InstanceId = '' } = subject
  const listed = await until(
    subject,
    async () => (await subject.ssm.listCommandInvocations({ CommandId, Details: true })).CommandInvocations?.[0] ?? {},
    ({ Status = 'Pending' }) => !/^(Pending|InProgress|Delayed|Cancelling)$/.test(Status),
  )
  return { listed, got: await subject.ssm.getCommandInvocation({ CommandId, InstanceId }) }
}
