import { someFaults } from './cells.ts'
import { copied } from './copy-stage.ts'
import { allKills, everyNth, testFaults, testKills } from './matrix.case.ts'
import { undisturbed } from './matrix.ts'

const calm = await undisturbed(copied)

// Steps that share no factor with the number of effects: each effect meets each kind of call.
testFaults(copied, everyNth(11, someFaults(calm.calls)))
testKills(copied, calm, everyNth(29, allKills(calm.total, false)))
