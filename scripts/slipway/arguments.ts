import { parseArgs } from 'node:util'
import { nearest } from '../../lib/delivery/nearest.ts'

/** The caller made a mistake; the message says which, and the usage is printed with it. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

const VERBS = ['status', 'deploy', 'promote', 'rollback', 'hold', 'resume'] as const
type Verb = (typeof VERBS)[number]

/** Profiles of the AWS configuration files: by environment or `registry`, and for everything else. */
export type Profiles = { places: Record<string, string>; otherwise?: string }

type Shared = { config: string; profiles: Profiles }

export type StatusCommand = Shared & { verb: 'status'; form: 'text' | 'markdown' | 'json'; failOn: 'drift' | 'never' }

export type WritingCommand = Shared & {
  verb: Exclude<Verb, 'status'>
  environment: string
  /** Of `promote` and `rollback`: which one; the default of the plan where it is absent. */
  release?: string
  reason?: string
  dryRun: boolean
  yes: boolean
  /** Milliseconds between two looks at a deployment. */
  pollInterval: number
}

type Command = StatusCommand | WritingCommand | { verb: 'help' }

const OPTIONS = {
  markdown: { type: 'boolean' },
  json: { type: 'boolean' },
  'fail-on': { type: 'string' },
  release: { type: 'string' },
  to: { type: 'string' },
  reason: { type: 'string' },
  'dry-run': { type: 'boolean' },
  yes: { type: 'boolean', short: 'y' },
  'poll-interval': { type: 'string' },
  profile: { type: 'string', multiple: true },
  config: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

type Option = keyof typeof OPTIONS

/** What each command takes besides what all take. */
const WRITING: Option[] = ['dry-run', 'yes', 'poll-interval']
const ALLOWED: Record<Verb, Option[]> = {
  status: ['markdown', 'json', 'fail-on'],
  deploy: WRITING,
  promote: [...WRITING, 'release'],
  rollback: [...WRITING, 'to', 'reason'],
  hold: [...WRITING, 'reason'],
  resume: WRITING,
}

/** Reads the command line. Throws a `UsageError` in words. */
export const readCommand = (args: readonly string[]): Command => {
  const { values, positionals } = parse(args)
  if (values.help || positionals[0] === 'help') return { verb: 'help' }
  const verb = verbOf(positionals[0])
  const foreign = (Object.keys(values) as Option[]).find((name) => ![...ALLOWED[verb], 'profile', 'config'].includes(name))
  if (foreign !== undefined) {
    const takers = VERBS.filter((each) => ALLOWED[each].includes(foreign))
    throw new UsageError(`--${foreign} goes with ${takers.join(', ')}, not with ${verb}`)
  }
  const shared = { config: values.config ?? 'delivery.json', profiles: profilesOf(values.profile ?? []) }
  if (verb === 'status') return { verb, ...shared, ...statusOptions(values, positionals) }
  const [, environment, ...more] = positionals
  if (environment === undefined) throw new UsageError(`${verb} needs an environment: ${verb} ENV`)
  if (more.length > 0) throw new UsageError(`${verb} takes one environment, got ${positionals.slice(1).join(' ')}`)
  const release = releaseOf(values.release ?? values.to, verb === 'rollback' ? 'to' : 'release')
  const reason = reasonOf(values.reason)
  if (verb === 'hold' && reason === undefined) throw new UsageError("hold needs --reason 'WHY': everybody who waits will read it")
  return {
    verb,
    ...shared,
    environment,
    dryRun: values['dry-run'] ?? false,
    yes: values.yes ?? false,
    pollInterval: pollInterval(values['poll-interval']),
    ...(release !== undefined && { release }),
    ...(reason !== undefined && { reason }),
  }
}

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })
  } catch (error) {
    const [first = ''] = (error as Error).message.split('. ')
    throw new UsageError(first.charAt(0).toLowerCase() + first.slice(1))
  }
}

const verbOf = (given: string | undefined): Verb => {
  const found = VERBS.find((verb) => verb === given)
  if (found !== undefined) return found
  if (given === undefined) throw new UsageError(`a command is missing: one of ${VERBS.join(', ')}`)
  const meant = nearest(given, VERBS)
  throw new UsageError(`there is no command '${given}'${meant ? `; was '${meant}' meant?` : `: one of ${VERBS.join(', ')}`}`)
}

type Values = ReturnType<typeof parse>['values']

const statusOptions = (values: Values, positionals: readonly string[]): Pick<StatusCommand, 'form' | 'failOn'> => {
  if (positionals.length > 1) throw new UsageError(`status shows every environment; it takes no '${positionals[1]}'`)
  if (values.markdown && values.json) throw new UsageError('--markdown and --json exclude each other')
  const failOn = values['fail-on'] ?? 'never'
  if (failOn !== 'drift' && failOn !== 'never') throw new UsageError(`--fail-on must be drift or never, got '${failOn}'`)
  return { form: values.json ? 'json' : values.markdown ? 'markdown' : 'text', failOn }
}

const releaseOf = (given: string | undefined, name: string): string | undefined => {
  if (given === undefined || /^rel-[0-9a-f]{16}$/.test(given)) return given
  throw new UsageError(
    `--${name} must be the id of a release as status shows it, for example rel-0123456789abcdef, got '${given}'`,
  )
}

/** The rule of plan-delivery's input `reason`. */
const reasonOf = (given: string | undefined): string | undefined => {
  if (given === undefined) return undefined
  const text = given.trim()
  if (text === '' || text.length > 500 || /\p{Cc}/u.test(text)) {
    throw new UsageError('--reason must be one line of 1 to 500 characters without control characters')
  }
  return text
}

const POLL_INTERVAL = 2_750

const pollInterval = (given: string | undefined): number => {
  if (given === undefined) return POLL_INTERVAL
  const parsed = /^\d+(?:\.\d+)?s$/.test(given) ? Number.parseFloat(given) : Number.NaN
  if (parsed >= 0.5 && parsed <= 60) return parsed * 1000
  throw new UsageError(`--poll-interval must be from 0.5s to 60s, got '${given}'`)
}

const profilesOf = (given: readonly string[]): Profiles => {
  const places: Record<string, string> = {}
  let otherwise: string | undefined
  for (const text of given) {
    const [, place, name] = /^(?:([a-z][a-z0-9-]*)=)?([^=]+)$/.exec(text) ?? []
    if (name === undefined) throw new UsageError(`--profile must be NAME or ENV=NAME, for example prod=shop-prod, got '${text}'`)
    if (place === undefined ? otherwise !== undefined : Object.hasOwn(places, place)) {
      throw new UsageError(`--profile is given twice for ${place ?? 'everything'}`)
    }
    if (place === undefined) otherwise = name
    else places[place] = name
  }
  return { places, ...(otherwise !== undefined && { otherwise }) }
}
