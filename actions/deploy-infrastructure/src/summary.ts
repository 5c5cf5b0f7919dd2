import { broadenings } from '../../../lib/infrastructure/broadening.ts'
import { code, inert, table } from '../../../lib/markdown.ts'
import type { Change } from './change.ts'
import type { StackResult } from './outcome.ts'
import type { Prepared, PreparedStack } from './prepare.ts'
import { loss, sayReplacement } from './words.ts'

/** Rows and points of one stack; a job summary has room for a megabyte. */
const MOST = 300

/** What would change, for whoever approves it. */
export const summaryOfPreparation = (title: string, { stacks, orphans }: Prepared, notes: readonly string[] = []): string =>
  [
    `### ${inert(title)}`,
    '',
    ...notes.flatMap((note) => [`> ${inert(note)}`, '']),
    ...(stacks.some(isChanged) ? [] : ['Nothing changes.', '']),
    ...stacks.filter(isChanged).flatMap(sectionOf),
    ...listed(
      'Not changed: ',
      stacks.filter(({ kind }) => kind === 'unchanged').map(({ wanted }) => wanted.name),
    ),
    ...stacks
      .filter(({ kind }) => kind === 'left-out')
      .flatMap(({ wanted, previewed = '' }) => [
        `${code(wanted.name)} is left out: no image is recorded in ${inert(previewed)}; it is made with the first delivery of its service.`,
        '',
      ]),
    ...orphans.flatMap(({ name, command, isEmpty }) => [
      `${code(name)} is not in delivery.json and is left alone. ${isEmpty ? 'It was never made and holds nothing. To delete it:' : 'To delete it, with all that it holds:'}`,
      '',
      '```sh',
      command,
      '```',
      '',
    ]),
  ].join('\n')

export const isChanged = ({ kind }: PreparedStack): boolean => kind !== 'unchanged' && kind !== 'left-out'

const KINDS: Record<PreparedStack['kind'], string> = {
  create: 'is created',
  recreate: 'is created again',
  update: 'changes',
  unchanged: '',
  'left-out': '',
}

const sectionOf = (stack: PreparedStack): string[] => {
  const { wanted, kind, changes, byImage, previewed, standing, before, follows = [], syncs } = stack
  const followers = changes.filter(isFollower).map(({ id }) => id)
  const own = changes.filter((change) => !byImage.has(change.id) && !isFollower(change))
  const more = broadenings(before, wanted.template)
  const protection = standing !== undefined && standing.protected !== wanted.protect
  return [
    `#### ${code(wanted.name)} ${KINDS[kind]}`,
    '',
    ...(previewed === undefined ? [] : [`From the templates, because ${inert(previewed)}.`, '']),
    ...(protection ? [`**Termination protection goes ${wanted.protect ? 'on' : 'OFF'}.**`, ''] : []),
    ...(syncs && kind === 'update'
      ? [
          'First CloudFormation is told which image is recorded, with the template that it has: a failure falls back to that one.',
          '',
        ]
      : []),
    ...(follows.length === 0
      ? []
      : [
          `${follows.map(code).join(', ')} may change before what it looks up: what depends on that is known when its turn comes.`,
          '',
        ]),
    ...(own.length === 0 ? [] : [...table(['resource', 'type', 'action', 'replaced', 'what', ''], rows(own)), '']),
    ...listed('Change if what they refer to does, perhaps to be made anew: ', followers),
    ...(changes.some(({ replacement }) => replacement === 'unknown')
      ? [
          'Should something turn out to be replaced that holds data, messages or an address, it is refused then, and shown by the next run.',
          '',
        ]
      : []),
    ...listed('Follow the recorded image, not a change of yours: ', [...byImage]),
    ...points('Lets more through than before:', more.filter(({ isNew }) => !isNew).map(sayMore)),
    ...points('New, and lets through:', before === undefined ? [] : more.filter(({ isNew }) => isNew).map(sayMore)),
    ...(before === undefined && more.length > 0
      ? ['<details><summary>What it lets through</summary>', '', ...points('', more.map(sayMore)), '</details>', '']
      : []),
  ]
}

/** Nothing in the templates says that it changes. */
const isFollower = ({ replacement, causes }: Change): boolean => replacement === 'unknown' && causes.length > 0

const rows = (changes: readonly Change[]): string[][] => [
  ...changes.slice(0, MOST).map((change) => {
    const lost = loss(change)
    return [
      code(change.id),
      inert(change.type.replace(/^AWS::/, '')),
      inert(change.action),
      sayReplacement(change),
      inert(change.properties.join(', ')),
      lost === '' ? '' : `**${inert(lost)}**`,
    ]
  }),
  ...(changes.length > MOST ? [[`… and ${changes.length - MOST} more`, '', '', '', '', '']] : []),
]

const sayMore = ({ id, what }: { id: string; what: string }): string => `${code(id)} ${inert(what)}`

const points = (heading: string, lines: readonly string[]): string[] =>
  lines.length === 0
    ? []
    : [
        ...(heading === '' ? [] : [`**${heading}**`, '']),
        ...lines.slice(0, MOST).map((line) => `- ${line}`),
        ...(lines.length > MOST ? [`- … and ${lines.length - MOST} more`] : []),
        '',
      ]

const listed = (words: string, names: readonly string[]): string[] =>
  names.length === 0 ? [] : [`${words}${names.map(code).join(', ')}.`, '']

/** How it ended. */
export const summaryOfExecution = (title: string, results: readonly StackResult[], notes: readonly string[] = []): string =>
  [
    `### ${inert(title)}`,
    '',
    ...notes.flatMap((note) => [inert(note), '']),
    ...(results.length === 0
      ? ['Nothing was to be done.']
      : table(
          ['stack', 'outcome', 'why'],
          results.map(({ stack, outcome, reason = '' }) => [code(stack), code(outcome), inert(reason)]),
        )),
    '',
  ].join('\n')

export const refusalOf = (title: string, message: string): string => `### ${inert(title)}\n\nRefused: ${inert(message)}\n`
