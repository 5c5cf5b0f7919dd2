import type { Decision } from '../../actions/plan-delivery/src/decision.ts'
import { describe } from '../../actions/plan-delivery/src/describe.ts'
import { objections } from '../../actions/plan-delivery/src/outcome.ts'
import type { Configuration } from '../../lib/delivery/configuration.ts'
import { plannedRelease } from '../../lib/delivery/gates/under-lease.ts'
import type { WantedImage } from '../../lib/delivery/images.ts'
import { REGISTRY } from '../../lib/delivery/names.ts'
import { nearest } from '../../lib/delivery/nearest.ts'
import { UsageError, type WritingCommand } from './arguments.ts'
import { headOf } from './branch.ts'
import { buildByHand } from './build.ts'
import { carryByHand, ending } from './carry.ts'
import { planByHand } from './plan.ts'
import { openPlace } from './sessions.ts'
import { Cancelled, confirmed, terminalLog } from './terminal.ts'

/** Plans, asks every gate, asks the person, carries out. Resolves to the exit code. */
export const write = async (command: WritingCommand, configuration: Configuration): Promise<number> => {
  const { environment, dryRun } = command
  const place = placeOf(environment, configuration)
  const { commit, ref, note } = await headOf(process.cwd(), place.branch)
  if (note !== undefined) terminalLog.warning(note)
  const decision = await planByHand(command, configuration, place.branch, commit)
  terminalLog.info(`planned from ${ref}`)
  for (const line of describe(decision, dryRun)) terminalLog.info(line)
  for (const warning of decision.warnings) terminalLog.warning(warning)
  const stop = objected(decision)
  if (stop !== undefined) {
    terminalLog.error(`${stop.words}; nothing was changed`)
    return stop.exitCode
  }
  const missing = missingImages(decision)
  if (dryRun && missing.length > 0) {
    terminalLog.info(`dry run: would build ${named(missing)} here, and then deploy`)
    return 0
  }
  if (!dryRun && !command.yes && !(await confirmed(question(decision, missing)))) {
    terminalLog.error('not confirmed; nothing was changed (--yes where nobody can answer)')
    return 3
  }
  const { lines, exitCode } = ending(await carry(command, configuration, decision))
  for (const line of lines) terminalLog.info(line)
  return exitCode
}

const carry = async (
  { environment, profiles, dryRun, pollInterval }: WritingCommand,
  configuration: Configuration,
  decision: Decision,
) => {
  const { plan } = decision
  const signal = interruption()
  const digests: Record<string, string> = {}
  for (const image of missingImages(decision)) {
    const registry = await openPlace({ name: REGISTRY, ...configuration.registry }, profiles)
    digests[image.name] = await buildByHand(plan, image, registry, signal).catch((cause) => {
      throw signal.aborted ? new Cancelled('cancelled while building; nothing was deployed', { cause }) : cause
    })
  }
  const session = await openPlace({ name: environment, account: plan.account, region: plan.region }, profiles)
  return carryByHand(plan, session, { dryRun, pollInterval, digests, signal })
}

/** Aborted by the first Ctrl-C; what was started then is stopped and taken back. */
const interruption = (): AbortSignal => {
  const controller = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (!controller.signal.aborted) terminalLog.warning(`${name} received; stopping what was started, and going back`)
      controller.abort(new Error('cancelled'))
    })
  }
  return controller.signal
}

const placeOf = (name: string, { environments }: Configuration) => {
  const place = Object.hasOwn(environments, name) ? environments[name] : undefined
  if (place !== undefined) return place
  const known = Object.keys(environments)
  const meant = nearest(name, known)
  throw new UsageError(`there is no environment '${name}'${meant ? `; was '${meant}' meant?` : `: one of ${known.join(', ')}`}`)
}

/** Why a plan may not be carried out now. */
const objected = (decision: Decision): { words: string; exitCode: 3 | 4 } | undefined => {
  const { plan } = decision
  const against = objections(decision)
  const said = against.map(({ gate, reason }) => `${gate}: ${reason}`).join('; ')
  if (against.some(({ result }) => result === 'fail')) {
    const isHeld = against.some(({ gate }) => gate === 'hold')
    const remedy = isHeld ? `; from here: npm run slipway -- resume ${plan.environment}` : ''
    return { words: `refused: ${said}${remedy}`, exitCode: 3 }
  }
  return against.length > 0 ? { words: `pending: ${said}`, exitCode: 4 } : undefined
}

/** Images that enter the chain with this plan and are not built yet. */
const missingImages = ({ plan, images }: Decision): WantedImage[] =>
  plan.services.length === 0 ? [] : images.filter(({ digest }) => digest === undefined)

const named = (images: readonly WantedImage[]): string => images.map(({ name, tag }) => `${name} (${tag})`).join(', ')

const question = ({ plan }: Decision, missing: readonly WantedImage[]): string => {
  const { kind, environment, account, services } = plan
  if (kind === 'hold' || kind === 'resume') return `${kind} ${environment} (account ${account})?`
  const where = `${environment} (account ${account}): ${services.map(({ name }) => name).join(', ')}`
  if (missing.length > 0) return `build ${named(missing)} here, and bring it to ${where}?`
  return kind === 'rollback'
    ? `bring back ${plannedRelease(plan)} to ${where}, and hold ${environment}?`
    : `bring ${plannedRelease(plan)} to ${where}?`
}
