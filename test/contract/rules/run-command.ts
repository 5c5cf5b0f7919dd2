import { api, contentOf, document, ended, guide, ran } from '../documents.ts'
import { type Rule, until } from '../rule.ts'

const needs: Rule['needs'] = ['hosts']

export const runCommandRules: Rule[] = [
  {
    id: 'ssm.run.document',
    source: guide('monitor-commands'),
    text: 'The script of a custom document runs on the instance, and its output is that of the invocation',
    needs,
    async run(subject) {
      const { got } = await ran(subject, ['echo "$AWS_SSM_INSTANCE_ID"', 'echo why >&2'])
      const { Status, StatusDetails, ResponseCode, PluginName, StandardOutputContent, StandardErrorContent } = got
      return [
        Status,
        StatusDetails,
        ResponseCode,
        PluginName,
        StandardOutputContent === `${subject.instance}\n`,
        StandardErrorContent,
      ]
    },
    expected: ['Success', 'Success', 0, 'script', true, 'why\n'],
  },
  {
    id: 'ssm.run.fails',
    source: guide('monitor-commands'),
    text: 'A script that ends with another code than 0 is a failed invocation with that code',
    needs,
    async run(subject) {
      const { got } = await ran(subject, ['exit 24'])
      return [got.Status, got.StatusDetails, got.ResponseCode]
    },
    expected: ['Failed', 'Failed', 24],
  },
  {
    id: 'ssm.run.variable',
    source: guide('documents-syntax-data-elements-parameters'),
    text: 'A parameter with interpolationType ENV_VAR is the variable SSM_NAME of the script, whatever it holds',
    needs,
    async run(subject) {
      const value = 'a $(b) `c` "d" \'e\'\n$$'
      const parameters = { Text: { type: 'String', description: 'a text', interpolationType: 'ENV_VAR' } }
      const { got } = await ran(subject, ['printf "%s" "$SSM_Text"'], { parameters, given: { Text: value } })
      return got.StandardOutputContent === value
    },
    expected: true,
  },
  {
    id: 'ssm.run.output',
    source: api('GetCommandInvocation'),
    text: 'The first 24,000 characters of the output and the first 8,000 of the errors are kept',
    needs,
    async run(subject) {
      const { got } = await ran(subject, ['echo first', 'printf "o%.0s" {1..30000}', 'printf "e%.0s" {1..10000} >&2'])
      const { StandardOutputContent: stdout = '', StandardErrorContent: stderr = '' } = got
      return [stdout.startsWith('first\n'), stdout.length, stderr.length]
    },
    expected: [true, 24_000, 8_000],
  },
  {
    id: 'ssm.run.listed-output',
    source: api('CommandPlugin'),
    text: 'ListCommandInvocations keeps the first 2,500 characters of both together',
    needs,
    async run(subject) {
      const { listed } = await ran(subject, ['echo first', 'printf "o%.0s" {1..30000}'])
      const output = listed.CommandPlugins?.[0]?.Output ?? ''
      return [output.startsWith('first\n'), output.length <= 2_500]
    },
    expected: [true, true],
  },
  {
    id: 'ssm.run.late',
    source: guide('monitor-commands'),
    text: 'A step that takes longer than its timeoutSeconds is Execution Timed Out',
    needs,
    async run(subject) {
      const { got } = await ran(subject, ['echo begun', 'sleep 45'], { seconds: '30' })
      return [got.Status, got.StatusDetails?.replaceAll(' ', '')]
    },
    expected: ['TimedOut', 'ExecutionTimedOut'],
  },
  {
    id: 'ssm.run.cancelled',
    source: api('CancelCommand'),
    text: 'A command that is cancelled while it runs ends as Cancelled',
    needs,
    async run(subject) {
      const { name } = await document(subject, contentOf(['sleep 3000'], {}, '3600'))
      const { Command } = await subject.ssm.sendCommand({ DocumentName: name, InstanceIds: [subject.instance ?? ''] })
      const { CommandId = '' } = Command ?? {}
      await until(
        subject,
        async () => (await subject.ssm.listCommandInvocations({ CommandId })).CommandInvocations?.[0]?.Status,
        (status) => status === 'InProgress',
      )
      await subject.ssm.cancelCommand({ CommandId })
      const { got } = await ended(subject, CommandId)
      return [got.Status, got.StatusDetails]
    },
    expected: ['Cancelled', 'Cancelled'],
  },
]
