// Needs no Docker; the name keeps the whole matrix out of the tests that run in a minute.
import { allFaults, someFaults } from './cells.ts'
import { cancelled, crashLoop, halfRelease, oneService, release, timedOut } from './deliveries.ts'
import { allKills, testFaults, testKills } from './matrix.case.ts'
import { undisturbed } from './matrix.ts'

for (const delivery of [release, crashLoop]) testFaults(delivery, allFaults((await undisturbed(delivery)).calls))
for (const delivery of [halfRelease, cancelled, timedOut]) testFaults(delivery, someFaults((await undisturbed(delivery)).calls))

for (const delivery of [release, oneService]) {
  const calm = await undisturbed(delivery)
  testKills(delivery, calm, allKills(calm.total, false))
  testKills(delivery, calm, allKills(calm.total, true))
}
