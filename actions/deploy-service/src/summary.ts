import { cell, digestCell as digest, seconds } from './cells.ts'
import { hostTable } from './host-table.ts'
import { isGreen, type Outcome } from './outcome.ts'
import type { ServiceResult } from './request.ts'

const MARK: Record<Outcome, string> = {
  succeeded: '✅',
  'no-change': '✅',
  skipped: '⏭️',
  'failed-rolled-back': '↩️',
  'failed-not-rolled-back': '❌',
  superseded: '❌',
  cancelled: '⏹️',
  'timed-out': '❌',
  refused: '⛔',
}

const HEAD = ['| service | outcome | wanted | before | running now | took |', '| --- | --- | --- | --- | --- | --- |']

/** The section of a run that ended before anything was started. */
export const refusalOf = (message: string): string => `### Deployment refused\n\n${inMarkdown(message)}\n`

/** Reasons repeat what people wrote in holds and dispatches: no markup of theirs is shown as such. */
const inMarkdown = (text: string): string => text.replaceAll('<', '&lt;')

/** The section of the job summary: a table with a line a service, then the causes with the containers' last lines. */
export const summaryOf = (title: string, results: readonly ServiceResult[], notes: readonly string[]): string => {
  const rows = results.map(
    (result) =>
      `| ${cell(result.service)} | ${MARK[result.outcome]} ${result.outcome} | ${digest(result.digest)} | ${digest(result.previousDigest)} | ${digest(result.runningDigest)} | ${seconds(result.duration)} |`,
  )
  return [
    `### ${title}`,
    '',
    ...(rows.length === 0 ? [] : [...HEAD, ...rows, '']),
    ...results.flatMap(details),
    ...notes.map((note) => `- ${inMarkdown(note)}`),
    '',
  ].join('\n')
}

const details = ({ service, outcome, reason, causes, firstFailure, notes = [], hosts = [] }: ServiceResult): string[] => {
  if (reason === undefined && causes.length === 0 && notes.length === 0) return hostTable(hosts)
  const why = isGreen(outcome) ? [] : [`**${cell(service)}**: ${cell(reason ?? '')}`, '']
  const first = firstFailure === undefined ? [] : [`First failure after ${seconds(firstFailure)}.`, '']
  const listed = causes.flatMap(({ reason: cause, count, remedy, log = [] }) => [
    `- ${count} × ${cell(cause)}${remedy ? `. ${cell(remedy)}` : ''}`,
    ...(log.length > 0 ? ['', fence(log), ''] : []),
  ])
  return [
    ...why,
    ...first,
    ...listed,
    ...(listed.length > 0 ? [''] : []),
    ...hostTable(hosts),
    ...notes.map((note) => `- ${inMarkdown(note)}`),
    '',
  ]
}

/** A fence longer than any run of backticks in the log, so that a log cannot leave it. */
const fence = (lines: readonly string[]): string => {
  const longest = Math.max(2, ...lines.flatMap((line) => (line.match(/`+/g) ?? []).map((run) => run.length)))
  const ticks = '`'.repeat(longest + 1)
  return [`${ticks}text`, ...lines, ticks].join('\n')
}
