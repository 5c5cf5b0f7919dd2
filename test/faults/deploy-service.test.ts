import { someFaults } from './cells.ts'
import { deliveriesTo } from './deliveries.ts'
import { allKills, everyNth, testFaults, testKills } from './matrix.case.ts'
import { undisturbed } from './matrix.ts'

const { crashLoop, oneService, release, rollback } = deliveriesTo('ecs')
const calm = { release: await undisturbed(release), crash: await undisturbed(crashLoop), one: await undisturbed(oneService) }
const back = await undisturbed(rollback)

// Steps that share no factor with the number of effects: each effect meets each kind of call.
testFaults(release, everyNth(7, someFaults(calm.release.calls)))
testFaults(crashLoop, everyNth(11, someFaults(calm.crash.calls)))
testKills(release, calm.release, everyNth(17, allKills(calm.release.total, false)))
testKills(oneService, calm.one, everyNth(13, allKills(calm.one.total, true)))
testKills(rollback, back, everyNth(61, allKills(back.total, false)))
