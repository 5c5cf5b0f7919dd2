import { backMerge } from './back-merge.ts'
import { downstreams } from './environments.ts'
import { askAll, askGate, type Settings } from './gate.ts'
import type { Result } from './outcome.ts'
import type { Ports } from './ports.ts'
import { propose } from './propose.ts'

export type Request = {
  operation: 'gate' | 'propose' | 'back-merge'
  environment: string | undefined
  release: string | undefined
  /** The pull request that this run belongs to, and what GitHub has merged of it. */
  pull?: number
  commit: string
}

export const promote = async (request: Request, settings: Settings, ports: Ports): Promise<Result> => {
  const { operation, environment = '', release, pull } = request
  if (operation === 'propose') return { gates: [], proposals: await propose(settings, ports, environment, release) }
  if (operation === 'back-merge') return { gates: [], proposals: [await backMerge(settings, ports, environment)] }
  if (pull === undefined) return { gates: await askAll(settings, ports, request.environment), proposals: [] }
  return { gates: await askOne(pull, request.commit, settings, ports), proposals: [] }
}

const askOne = async (number: number, commit: string, settings: Settings, ports: Ports) => {
  const pull = await ports.pulls.get(number)
  const place = downstreams(settings.configuration).find(({ branch }) => branch === pull.base)
  // Nothing is promoted to the first environment, and a pull request that was closed meanwhile merges nothing.
  return place === undefined || !pull.isOpen ? [] : [await askGate(settings, ports, pull, place, commit)]
}
