import { code, table } from '../../../lib/markdown.ts'
import type { Copied } from '../../../lib/oci/copy.ts'
import type { Result } from './build.ts'
import type { Inputs } from './inputs.ts'
import type { Ledger } from './ledger.ts'

/** One section of the job summary, in Markdown. */
export const summarise = (inputs: Inputs, { result, ...outcome }: Result, ledger: Ledger): string => {
  const title = inputs.dryRun && result !== 'found' ? `would be ${result} (dry run: nothing was changed)` : result
  const rows = [
    ['Image', code(inputs.repository)],
    ['Content tag', code(outcome.tag)],
    ...(inputs.tag === undefined ? [] : [['Further tag', code(inputs.tag)]]),
    ['Digest', outcome.digest === undefined ? 'not built yet' : code(outcome.digest)],
    ...platformRows(outcome.platformDigests),
    ['Result', title],
    ...(result === 'copied' && inputs.source ? [['Source', code(`${inputs.source.host}/${inputs.source.name}`)]] : []),
    ['Seconds', entries(ledger.phases, (milliseconds) => (milliseconds / 1000).toFixed(2))],
    ...(outcome.pushed === undefined
      ? []
      : [['Bytes', `${grouped(outcome.pushed.sent)} pushed, ${grouped(outcome.pushed.skipped)} skipped`]]),
    ...(outcome.copied === undefined ? [] : copiedRows(outcome.copied)),
    ['Calls', entries(ledger.calls, String)],
  ]
  return [`### Image ${code(inputs.repository)}: ${title}`, '', ...table(['', ''], rows), ''].join('\n')
}

const copiedRows = ({ sent, skipped, mounted, referrers }: Copied): string[][] => [
  ['Bytes', `${grouped(sent)} copied, ${mounted > 0 ? `${grouped(mounted)} mounted, ` : ''}${grouped(skipped)} skipped`],
  ...(referrers === 0 ? [] : [['Signatures, SBOMs, attestations', `${referrers} copied with it`]]),
]

const platformRows = (digests: Record<string, string>): string[][] => {
  const platforms = Object.entries(digests)
  return platforms.length < 2 ? [] : platforms.map(([platform, digest]) => [platform, code(digest)])
}

const entries = (values: ReadonlyMap<string, number>, show: (value: number) => string): string =>
  [...values].map(([name, value]) => `${name} ${show(value)}`).join(' · ')

/** With thin spaces: 12 345 678. */
const grouped = (bytes: number): string => String(bytes).replaceAll(/\B(?=(\d{3})+$)/g, '\u2009')
