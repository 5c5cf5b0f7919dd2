// Needs no Docker; the name keeps the whole matrix out of the tests that run in a minute.
import { allFaults, someFaults } from './cells.ts'
import { furtherTag, knownImage, movedTag, newImage } from './deliveries.ts'
import { allKills, testFaults, testKills } from './matrix.case.ts'
import { undisturbed } from './matrix.ts'

testFaults(newImage, allFaults((await undisturbed(newImage)).calls))
for (const delivery of [movedTag, furtherTag, knownImage]) testFaults(delivery, someFaults((await undisturbed(delivery)).calls))

for (const delivery of [newImage, movedTag, furtherTag]) {
  const calm = await undisturbed(delivery)
  testKills(delivery, calm, allKills(calm.total, false))
}
