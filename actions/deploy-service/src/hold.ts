import type { DeploymentPlan } from '../../../lib/delivery/plan.ts'
import { type Hold, NOT_HELD, parseHold, recordNames } from '../../../lib/delivery/records.ts'
import { type Conclusion, concluded } from './conclusion.ts'
import type { Records } from './records.ts'
import type { TargetTools } from './target.ts'

type Asker = { context: { runUrl: string; actor: string }; tools: TargetTools }

/** The hold that this run sets. */
export const holdOf = ({ context, tools }: Asker, { kind, reason, rejects }: DeploymentPlan): Hold => ({
  state: 'held',
  ...(kind === 'rollback' && rejects !== undefined && { release: rejects }),
  reason: reason ?? kind,
  by: context.actor || 'somebody without a name',
  at: new Date(tools.clock.now()).toISOString(),
  run: context.runUrl,
})

/** Automation stands still from here on. A hold that this run has set already is left as it is. */
export const setHold = async (records: Records, plan: DeploymentPlan, hold: Hold, { log }: TargetTools): Promise<Conclusion> => {
  const { parameter, standing } = await readHold(records, plan)
  const isOurs = standing !== undefined && standing.run === hold.run && standing.reason === hold.reason && hold.run !== ''
  if (isOurs) return { ...concluded([], [`${plan.environment} is held already.`]), outcome: 'no-change' }
  // What a rollback has left stays named by a hold that a person adds.
  const value: Hold = { ...(standing?.release !== undefined && { release: standing.release }), ...hold }
  await records.write(parameter, JSON.stringify(value))
  log.notice(`${plan.environment} is held: ${hold.reason}`)
  return { ...concluded([], [`Held ${plan.environment}.`]), outcome: 'succeeded' }
}

/** Automation may go on: with the next new candidate, never with a rejected one. */
export const clearHold = async (records: Records, plan: DeploymentPlan, { log }: TargetTools): Promise<Conclusion> => {
  const { parameter, standing } = await readHold(records, plan)
  if (standing === undefined) {
    log.notice(`${plan.environment} was not held`)
    return { ...concluded([], [`${plan.environment} was not held.`]), outcome: 'no-change' }
  }
  await records.write(parameter, NOT_HELD)
  log.notice(`${plan.environment} is no longer held (${standing.reason}, by ${standing.by} since ${standing.at})`)
  return { ...concluded([], [`Resumed ${plan.environment}.`]), outcome: 'succeeded' }
}

const readHold = async (records: Records, plan: DeploymentPlan): Promise<{ parameter: string; standing: Hold | undefined }> => {
  const parameter = recordNames(plan.project, plan.environment).hold
  const value = (await records.read([parameter])).get(parameter)
  return { parameter, standing: value === undefined ? undefined : parseHold(value, parameter) }
}
