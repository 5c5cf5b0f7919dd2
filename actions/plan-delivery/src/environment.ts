import type { Configuration } from '../../../lib/delivery/configuration.ts'
import { nearest } from '../../../lib/delivery/nearest.ts'
import { Refusal } from '../../../lib/refusal.ts'
import type { Request } from './request.ts'

type Run = Pick<Request, 'environment' | 'event' | 'ref' | 'pull'>

const HEADS = 'refs/heads/'

/**
 * The environment that this run is for: the one asked for, else the one whose branch was pushed or, with a pull request, is
 * to be merged into. Compared exactly, because GitHub's expressions do not tell `MAIN` from `main`.
 */
export const chooseEnvironment = ({ pull, ...run }: Run, configuration: Configuration): string => {
  const at = { ...run, pull, ref: pull === undefined ? run.ref : HEADS + pull.base }
  return run.environment === undefined ? environmentOf(at, configuration) : requested(run.environment, at, configuration)
}

const requested = (name: string, { event, ref }: Run, { environments }: Configuration): string => {
  const names = Object.keys(environments)
  const environment = Object.hasOwn(environments, name) ? environments[name] : undefined
  if (environment === undefined) {
    const meant = nearest(name, names)
    throw new Refusal(
      `input 'environment' must be one of ${names.join(', ')}, got '${name}'${meant === undefined ? '' : `; did you mean '${meant}'?`}`,
    )
  }
  if (ref === '' || ref === HEADS + environment.branch) return name
  throw new Refusal(
    `${name} is delivered from branch ${environment.branch} only, and this run (${event}) is on ${shown(ref)}; start it there: --ref ${environment.branch}`,
  )
}

const environmentOf = ({ event, ref }: Run, { environments }: Configuration): string => {
  const branches = Object.entries(environments)
  const found = branches.find(([, { branch }]) => ref === HEADS + branch)
  if (found !== undefined) return found[0]
  const list = branches.map(([name, { branch }]) => `${branch} → ${name}`).join(', ')
  const similar = branches.find(([, { branch }]) => ref.toLowerCase() === (HEADS + branch).toLowerCase())
  if (similar !== undefined) {
    throw new Refusal(
      `${shown(ref)} is not the branch ${similar[1].branch}: upper and lower case count. Push to ${similar[1].branch}, or rename the branch`,
    )
  }
  if (ref === '')
    throw new Refusal(`the run names no branch; set input 'environment' to one of ${Object.keys(environments).join(', ')}`)
  throw new Refusal(`${shown(ref)} (${event || 'no event'}) is no environment's branch (${list}); push to one of these`)
}

/** A branch may be called anything: on one line, and not for ever. */
const shown = (ref: string): string => {
  const line = ref.replaceAll(/[\p{Cc}\s]+/gu, ' ')
  return line.length <= 120 ? line : `${line.slice(0, 117)}...`
}
