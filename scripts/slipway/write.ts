import type { Decision } from '../../actions/plan-delivery/src/decision.ts'
import { describe } from '../../actions/plan-delivery/src/describe.ts'
import { objections } from '../../actions/plan-delivery/src/outcome.ts'
import type { Configuration } from '../../lib/delivery/configuration.ts'
import { plannedRelease } from '../../lib/delivery/gates/under-lease.ts'
import { nearest } from '../../lib/delivery/nearest.ts'
import { UsageError, type WritingCommand } from './arguments.ts'
import { headOf } from './branch.ts'
import { carryByHand, ending } from './carry.ts'
import { planByHand } from './plan.ts'
import { openPlace } from './sessions.ts'
import { confirmed, terminalLog } from './terminal.ts'

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
  if (!dryRun && !command.yes && !(await confirmed(question(decision)))) {
    terminalLog.error('not confirmed; nothing was changed (--yes where nobody can answer)')
    return 3
  }
  const session = await openPlace({ name: environment, account: place.account, region: place.region }, command.profiles)
  const { lines, exitCode } = ending(await carryByHand(decision.plan, session, { dryRun, pollInterval: command.pollInterval }))
  for (const line of lines) terminalLog.info(line)
  return exitCode
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
  const { plan, images } = decision
  const against = objections(decision)
  const said = against.map(({ gate, reason }) => `${gate}: ${reason}`).join('; ')
  if (against.some(({ result }) => result === 'fail')) {
    const isHeld = against.some(({ gate }) => gate === 'hold')
    const remedy = isHeld ? `; from here: npm run slipway -- resume ${plan.environment}` : ''
    return { words: `refused: ${said}${remedy}`, exitCode: 3 }
  }
  if (against.length > 0) return { words: `pending: ${said}`, exitCode: 4 }
  const missing = images.filter(({ digest }) => digest === undefined).map(({ name, tag }) => `${name} (${tag})`)
  if (missing.length === 0 || plan.services.length === 0) return undefined
  return {
    words: `refused: the registry does not have ${missing.join(', ')}: build it first, by the workflow or with build-push-image`,
    exitCode: 3,
  }
}

const question = ({ plan }: Decision): string => {
  const { kind, environment, account, services } = plan
  if (kind === 'hold' || kind === 'resume') return `${kind} ${environment} (account ${account})?`
  const what = `${plannedRelease(plan) ?? 'this release'} to ${environment} (account ${account}): ${services.map(({ name }) => name).join(', ')}`
  return kind === 'rollback' ? `roll back by bringing ${what}, and hold ${environment}?` : `bring ${what}?`
}
