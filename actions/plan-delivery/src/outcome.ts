import type { Gate } from '../../../lib/delivery/gates/gate.ts'
import type { Decision } from './plan.ts'

/** The gates that did not pass. */
export const objections = ({ gates }: Decision): Gate[] => gates.filter(({ result }) => result !== 'pass')

export const REFUSED = { outcome: 'refused' }

export const outputs = (decision: Decision): Record<string, string> => {
  const { plan, images } = decision
  const { environment, kind } = plan
  if (objections(decision).length > 0) return { ...REFUSED, environment, kind }
  return {
    outcome: 'planned',
    plan: JSON.stringify(plan),
    environment,
    kind,
    // In a promotion a missing image is a failed gate, so this is never true there.
    build: String(images.some(({ digest }) => digest === undefined)),
    images: JSON.stringify(images),
    services: JSON.stringify(plan.services.map(({ name }) => name)),
  }
}

/** The decision as lines of the log. */
export const describe = ({ plan, images, gates }: Decision, dryRun: boolean): string[] => [
  `${dryRun ? 'dry run: ' : ''}${plan.environment} (${plan.kind}${plan.from === undefined ? '' : ` from ${plan.from}`}) at ${plan.release.commit}`,
  ...images.map(
    ({ name, tag, digest }) => `image ${name}: ${tag} ${digest ?? (plan.kind === 'first' ? 'is to be built' : 'is missing')}`,
  ),
  ...gates.map(({ gate, result, reason }) => `gate ${gate}: ${result}: ${reason}`),
  `services in order: ${plan.services.map(({ name }) => name).join(', ')}`,
]
