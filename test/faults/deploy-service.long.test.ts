// Needs no Docker; the name keeps the whole matrix out of the tests that run in a minute.
import { allFaults, answersOfNone, someFaults } from './cells.ts'
import { deliveriesTo } from './deliveries.ts'
import { allKills, everyNth, testFaults, testKills } from './matrix.case.ts'
import { undisturbed } from './matrix.ts'

const { cancelled, crashLoop, halfRelease, oneService, proof, release, rollback, timedOut } = deliveriesTo('ecs')
const calm = { release: await undisturbed(release), one: await undisturbed(oneService) }

testFaults(release, allFaults(calm.release.calls))
testFaults(release, answersOfNone(calm.release.calls))
testFaults(crashLoop, allFaults((await undisturbed(crashLoop)).calls))
testFaults(halfRelease, someFaults((await undisturbed(halfRelease)).calls))
// These differ from a crash loop only in what stops them.
for (const delivery of [cancelled, timedOut]) testFaults(delivery, everyNth(5, someFaults((await undisturbed(delivery)).calls)))

testKills(release, calm.release, allKills(calm.release.total, false))
testKills(release, calm.release, everyNth(3, allKills(calm.release.total, true)))
testKills(oneService, calm.one, everyNth(3, allKills(calm.one.total, false)))
testKills(oneService, calm.one, allKills(calm.one.total, true))

const proven = await undisturbed(proof)
testFaults(proof, everyNth(3, someFaults(proven.calls)))
testKills(proof, proven, everyNth(3, allKills(proven.total, false)))
testKills(proof, proven, everyNth(7, allKills(proven.total, true)))

const back = await undisturbed(rollback)
testKills(rollback, back, everyNth(2, allKills(back.total, false)))
testKills(rollback, back, everyNth(7, allKills(back.total, true)))
