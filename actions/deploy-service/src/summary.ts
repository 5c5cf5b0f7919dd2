import { fence, inert, table } from '../../../lib/markdown.ts'
import { digestCell as digest, seconds } from './cells.ts'
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

const HEAD = ['service', 'outcome', 'wanted', 'before', 'running now', 'took']

/** The section of a run that ended before anything was started. */
export const refusalOf = (message: string): string => `### Deployment refused\n\n${inert(message)}\n`

/** The section of the job summary: a table with a line a service, then the causes with the containers' last lines. */
export const summaryOf = (title: string, results: readonly ServiceResult[], notes: readonly string[]): string => {
  const rows = results.map((result) => [
    inert(result.service),
    `${MARK[result.outcome]} ${result.outcome}`,
    digest(result.digest),
    digest(result.previousDigest),
    digest(result.runningDigest),
    seconds(result.duration),
  ])
  return [
    `### ${title}`,
    '',
    ...(rows.length === 0 ? [] : [...table(HEAD, rows), '']),
    ...results.flatMap(details),
    ...notes.map((note) => `- ${inert(note)}`),
    '',
  ].join('\n')
}

const details = ({ service, outcome, reason, causes, firstFailure, notes = [], hosts = [] }: ServiceResult): string[] => {
  if (reason === undefined && causes.length === 0 && notes.length === 0) return hostTable(hosts)
  const why = isGreen(outcome) ? [] : [`**${inert(service)}**: ${inert(reason ?? '')}`, '']
  const first = firstFailure === undefined ? [] : [`First failure after ${seconds(firstFailure)}.`, '']
  const listed = causes.flatMap(({ reason: cause, count, remedy, log = [] }) => [
    `- ${count} × ${inert(cause)}${remedy ? `. ${inert(remedy)}` : ''}`,
    ...(log.length > 0 ? ['', fence(log), ''] : []),
  ])
  return [
    ...why,
    ...first,
    ...listed,
    ...(listed.length > 0 ? [''] : []),
    ...hostTable(hosts),
    ...notes.map((note) => `- ${inert(note)}`),
    '',
  ]
}
