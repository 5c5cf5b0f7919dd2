import type { Outcome } from './check.ts'
import type { Difference } from './differences.ts'
import type { Rule } from './rule.ts'

export type Column = { name: string; subject: Difference['subject']; outcomes: ReadonlyMap<string, Outcome> }

const sign = (outcome: Outcome | undefined): string =>
  outcome === undefined || outcome.verdict === 'not-implemented' ? '–' : outcome.verdict === 'kept' ? '✓' : 'differs'

const cell = (text: string): string => text.replaceAll('|', '\\|')

const page = (source: string): string => `[${source.split('/').at(-1)?.replace('.html', '')}](${source})`

const count = (column: Column, verdict: string): number =>
  [...column.outcomes.values()].filter((outcome) => sign(outcome) === verdict).length

/** The page `docs/contract.md`. */
export const render = (rules: readonly Rule[], columns: Column[], differences: readonly Difference[]): string => {
  const row = (cells: string[]): string => `| ${cells.join(' | ')} |`
  const names = columns.map(({ name }) => name)
  const listed = rules.flatMap(({ id }) => differences.filter((each) => each.rule === id))
  return [
    '# What the local cloud does as AWS does',
    '',
    'Each rule is stated once in `test/contract/`, with the page of AWS that says so, and run with the AWS SDK against the local',
    `cloud (in \`npm test\`) and against two independent emulators (in \`npm run test:docker\`): ${names.slice(1).join(' and ')}.`,
    '✓: as AWS documents it. –: the call is not there, or ends in an internal error, or the subject lacks what the rule needs (a',
    'registry, containers that run, a second account). differs: listed below with the reason; a difference that is not listed',
    'fails the suite, and so does one that is listed and no longer seen. The rules have not been run against AWS itself;',
    '`npm run test:aws` does that with credentials, where `SLIPWAY_CONTRACT_ACCOUNT` names their account.',
    '',
    'This page is written by `node test/contract/report.ts`.',
    '',
    row([`${rules.length} rules`, '✓', '–', 'differs']),
    row(['---', '--:', '--:', '--:']),
    ...columns.map((each) => row([each.name, ...['✓', '–', 'differs'].map((verdict) => String(count(each, verdict)))])),
    '',
    row(['rule', '', 'source', ...names]),
    row(['---', '---', '---', ...names.map(() => '---')]),
    ...rules.map(({ id, text, source }) =>
      row([`\`${id}\``, cell(text), page(source), ...columns.map(({ outcomes }) => sign(outcomes.get(id)))]),
    ),
    '',
    '## Differences',
    '',
    row(['rule', 'who', 'does instead', 'why AWS is believed']),
    row(['---', '---', '---', '---']),
    ...listed.map(({ rule, subject, instead, because }) => row([`\`${rule}\``, subject, cell(instead), cell(because)])),
    '',
  ].join('\n')
}
