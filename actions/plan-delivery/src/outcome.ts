import type { Gate } from '../../../lib/delivery/gates/gate.ts'
import { plannedRelease } from '../../../lib/delivery/gates/under-lease.ts'
import { buildInputs } from './build-inputs.ts'
import type { Decision } from './decision.ts'

export type Outcome = 'planned' | 'pending' | 'refused'

/** `pending` only where nothing but time is missing. */
export const outcomeOf = ({ gates }: Pick<Decision, 'gates'>): Outcome => {
  if (gates.some(({ result }) => result === 'fail')) return 'refused'
  return gates.some(({ result }) => result === 'pending') ? 'pending' : 'planned'
}

/** The gates that did not pass; where one failed, those that only wait do not matter. */
export const objections = ({ gates }: Pick<Decision, 'gates'>): Gate[] => {
  const failed = gates.filter(({ result }) => result === 'fail')
  return failed.length > 0 ? failed : gates.filter(({ result }) => result === 'pending')
}

/** When the last pending gate opens, ISO 8601. */
export const opensAt = ({ gates }: Pick<Decision, 'gates'>): string | undefined =>
  gates
    .flatMap((gate) => gate.opensAt ?? [])
    .toSorted((a, b) => Date.parse(a) - Date.parse(b))
    .at(-1)

export const REFUSED = { outcome: 'refused' }

export const outputs = (decision: Decision): Record<string, string> => {
  const { plan, images, infra, seed, next = '', isTrial } = decision
  const { environment, kind } = plan
  const outcome = outcomeOf(decision)
  if (outcome === 'refused') return { ...REFUSED, environment, kind }
  const isBuilt = kind === 'first' || kind === 'hotfix'
  return {
    outcome,
    plan: outcome === 'pending' || isTrial ? '' : JSON.stringify(plan),
    environment,
    kind,
    build: String(isBuilt && images.some(({ digest }) => digest === undefined)),
    images: JSON.stringify(images.map((image) => ({ ...image, build: buildInputs(plan, image) }))),
    services: JSON.stringify(plan.services.map(({ name }) => name)),
    infra: String(infra),
    seed: String(seed),
    next,
    release: plannedRelease(plan) ?? '',
  }
}
