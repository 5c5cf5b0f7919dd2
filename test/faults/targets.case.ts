import type { TargetName } from '../behaviour/targets.ts'
import { answersOfNone, someFaults } from './cells.ts'
import { deliveriesTo } from './deliveries.ts'
import { allKills, everyNth, testFaults, testKills } from './matrix.case.ts'
import { undisturbed } from './matrix.ts'

/**
 * Every effect at every call of a release, of one that fails and of one that is cancelled, and a process that is killed at its
 * calls. Steps share no factor with the number of effects: each effect meets each kind of call.
 */
export const testTarget = async (target: TargetName): Promise<void> => {
  const { release, oneService, crashLoop, cancelled, rollback } = deliveriesTo(target)
  const calm = { release: await undisturbed(release), one: await undisturbed(oneService), back: await undisturbed(rollback) }
  testFaults(release, someFaults(calm.release.calls))
  testFaults(oneService, answersOfNone(calm.one.calls))
  testFaults(crashLoop, someFaults((await undisturbed(crashLoop)).calls))
  testFaults(cancelled, everyNth(5, someFaults((await undisturbed(cancelled)).calls)))
  testKills(oneService, calm.one, everyNth(3, allKills(calm.one.total, false)))
  testKills(oneService, calm.one, everyNth(5, allKills(calm.one.total, true)))
  testKills(release, calm.release, everyNth(7, allKills(calm.release.total, false)))
  testKills(rollback, calm.back, everyNth(23, allKills(calm.back.total, false)))
}
