import type { Tried } from './ministack-templates.ts'

/** The page `docs/templates.md`. */
export const renderTried = (tried: Tried): string => {
  const rows = [...tried].toSorted(([one], [other]) => one.localeCompare(other))
  const made = rows.filter(([, { made }]) => made > 0).length
  return [
    '# Which templates an independent CloudFormation has deployed',
    '',
    'The templates of every variant in `infra/variants.case.ts` are deployed to MiniStack by change sets and deleted again (in',
    '`npm run test:long`). What it does not implement is taken out first, with what refers to it. A type that is made now and',
    'was not before, or the other way round, fails the test. None of it is AWS: MiniStack makes no machine, and accepts much',
    'that AWS refuses.',
    '',
    'This page is written by `node test/permissions/ministack-report.ts`.',
    '',
    `Of ${rows.length} types, ${made} were made.`,
    '',
    '| type | | why not |',
    '| --- | --- | --- |',
    ...rows.map(([type, row]) => `| \`${type}\` | ${signOf(row)} | ${whyNot(row)} |`),
    '',
  ].join('\n')
}

type Row = Tried extends Map<string, infer R> ? R : never

const signOf = ({ made, unknown, refused, without }: Row): string => {
  if (made === 0) return '–'
  return unknown + refused.size + without.size === 0 ? '✓' : 'in part'
}

const whyNot = ({ unknown, refused, without }: Row): string =>
  [
    ...(unknown > 0 ? ['MiniStack does not know it'] : []),
    ...[...refused].toSorted().map((reason) => `refused: ${reason.replaceAll('|', '\\|')}`),
    ...(without.size > 0
      ? [
          `refers to ${[...without]
            .toSorted()
            .map((type) => `\`${type}\``)
            .join(', ')}`,
        ]
      : []),
  ].join('; ')
