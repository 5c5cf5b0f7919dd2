import { short } from '../../image.ts'
import { REGISTRY } from '../names.ts'
import type { Board, EnvironmentBoard, ServiceBoard, ServiceState } from './board.ts'
import { hasDrift } from './compose.ts'

const STATES: Record<ServiceState, string> = {
  'as-recorded': 'as recorded',
  drift: 'DRIFT',
  changing: 'changing',
  incomplete: 'incomplete',
  stopped: 'stopped',
  missing: 'MISSING',
  unrecorded: 'not recorded',
  'not-delivered': 'not delivered',
  'not-seen': 'not seen',
}

export const ENVIRONMENT_COLUMNS = ['environment', 'release', 'since', 'by', 'branch', 'state']
export const SERVICE_COLUMNS = ['environment', 'service', 'target', 'state', 'running', 'recorded']

/** One row of the board, for people. */
export const environmentRow = (environment: EnvironmentBoard, at: string): string[] => {
  const { environment: name, release } = environment
  if (environment.unreadable !== undefined) return [name, 'unknown', '', '', environment.branch.name, 'UNREADABLE']
  return [
    name,
    release === undefined ? 'none' : release.id,
    release === undefined ? '' : `${minute(release.since)} (${ago(release.since, at)})`,
    release?.by ?? '',
    branchWords(environment),
    stateWords(environment),
  ]
}

const branchWords = ({ branch }: EnvironmentBoard): string => {
  const { name, position, behind = 0, ahead = 0 } = branch
  switch (position) {
    case 'level':
      return `level with ${name}`
    case 'behind':
      return behind > 0 ? `${behind} behind ${name}` : `behind ${name}`
    case 'ahead':
      return `${ahead} ahead of ${name}`
    case 'diverged':
      return `${behind} behind, ${ahead} ahead of ${name}`
    case 'unknown':
      return `${name}: unknown`
  }
}

const stateWords = (environment: EnvironmentBoard): string => {
  const { release, hold, lock, services } = environment
  const states = new Set(services.map(({ state }) => state))
  const words = [
    hasDrift(environment) && 'DRIFT',
    states.has('changing') && 'changing',
    states.has('incomplete') && 'incomplete',
    release?.kind,
    release?.partial && 'PARTIAL',
    hold && 'HELD',
    lock && (lock.stuck ? 'lock left behind' : `locked by ${lock.owner}`),
  ].filter((word) => word !== false && word !== undefined && word !== '')
  if (words.length > 0) return words.join(', ')
  return release === undefined ? 'never delivered' : 'as recorded'
}

export const serviceRow = (
  environment: string,
  { service, target, state, running, recorded, desired }: ServiceBoard,
): string[] => [
  environment,
  service,
  target,
  STATES[state],
  Object.entries(running)
    .map(([digest, count]) => `${short(digest)} × ${count}${desired === undefined || desired === count ? '' : ` of ${desired}`}`)
    .join(', '),
  recorded === undefined ? '' : short(recorded),
]

type Remark = { environment: string; mark: 'hold' | 'next' | 'finding'; text: string }

/** Holds, promotions that wait, and what somebody should look at: a line each. */
export const remarks = ({ environments, unreadable }: Board): Remark[] => [
  ...environments.flatMap(({ environment, hold, next, findings }): Remark[] => [
    ...(hold
      ? [{ environment, mark: 'hold' as const, text: `held since ${minute(hold.at)} by ${hold.by}: ${hold.reason}` }]
      : []),
    ...(next.state === 'none' || next.state === 'unknown'
      ? []
      : [{ environment, mark: 'next' as const, text: `${next.state}: ${next.reason}` }]),
    ...findings.map(({ kind, message }) => ({ environment, mark: 'finding' as const, text: `${kind}: ${message}` })),
  ]),
  ...unreadable
    .filter((problem) => problem.startsWith(`${REGISTRY}: `))
    .map((problem) => ({ environment: REGISTRY, mark: 'finding' as const, text: `unreadable${problem.slice(REGISTRY.length)}` })),
]

/** `2026-11-21 11:20 UTC` */
export const minute = (time: string): string => `${time.slice(0, 16).replace('T', ' ')} UTC`

/** How long before `at` that was, in its two largest units: `3 d 4 h`. */
export const ago = (time: string, at: string): string => {
  const minutes = Math.max(0, Math.floor((Date.parse(at) - Date.parse(time)) / 60_000))
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24]
  if (days > 0) return hours > 0 ? `${days} d ${hours} h` : `${days} d`
  if (hours > 0) return minutes % 60 > 0 ? `${hours} h ${minutes % 60} min` : `${hours} h`
  return `${minutes} min`
}
