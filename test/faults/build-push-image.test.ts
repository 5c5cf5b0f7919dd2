import { someFaults } from './cells.ts'
import { newImage } from './deliveries.ts'
import { allKills, everyNth, testFaults, testKills } from './matrix.case.ts'
import { undisturbed } from './matrix.ts'

const calm = await undisturbed(newImage)

testFaults(newImage, everyNth(5, someFaults(calm.calls)))
testKills(newImage, calm, everyNth(7, allKills(calm.total, false)))
