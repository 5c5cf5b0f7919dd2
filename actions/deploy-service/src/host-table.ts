import { inert, table } from '../../../lib/markdown.ts'
import { digestCell, seconds } from './cells.ts'
import type { HostRow } from './target.ts'

const HEAD = ['host', 'before', 'after', 'verdict', 'phases', 'drain']

/** What became of each host, a line each. */
export const hostTable = (hosts: readonly HostRow[]): string[] => (hosts.length === 0 ? [] : [...table(HEAD, hosts.map(row)), ''])

const row = ({ id, before, after, verdict, took, phases = {}, drain }: HostRow): string[] => {
  const steps = Object.entries(phases).map(([phase, milliseconds]) => `${phase} ${seconds(milliseconds)}`)
  const whole = took === undefined ? [] : [seconds(took)]
  const times = [...whole, ...(steps.length > 0 ? [`(${steps.join(', ')})`] : [])].join(' ')
  const drained = drain === undefined ? '–' : `${drain} s`
  return [id, digestCell(before), digestCell(after), inert(verdict), inert(times) || '–', drained]
}
