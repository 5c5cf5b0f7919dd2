// Needs no Docker, only time.
import { deliveriesTo } from './deliveries.ts'
import { allKills, everyNth, testKills } from './matrix.case.ts'
import { undisturbed } from './matrix.ts'

const { firstCrash } = deliveriesTo('ecs')
const calm = await undisturbed(firstCrash)

testKills(firstCrash, calm, everyNth(3, allKills(calm.total, false)))
testKills(firstCrash, calm, everyNth(5, allKills(calm.total, true)))
