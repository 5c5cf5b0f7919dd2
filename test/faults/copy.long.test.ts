// Needs no Docker; the name keeps the whole matrix out of the tests that run in a minute.
import { allFaults, someFaults } from './cells.ts'
import { copied, copiedFurther } from './copy-stage.ts'
import { allKills, testFaults, testKills } from './matrix.case.ts'
import { undisturbed } from './matrix.ts'

const calm = { image: await undisturbed(copied), further: await undisturbed(copiedFurther) }

testFaults(copied, allFaults(calm.image.calls))
testFaults(copiedFurther, someFaults(calm.further.calls))
testKills(copied, calm.image, allKills(calm.image.total, false))
testKills(copiedFurther, calm.further, allKills(calm.further.total, false).slice(-8))
