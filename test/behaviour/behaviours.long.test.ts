// Needs no Docker; the name keeps the whole suite out of the tests that run in a minute.
import { testBehaviours } from './behaviours.case.ts'
import { type TargetName, targets } from './targets.ts'

for (const target of Object.keys(targets)) testBehaviours(target as TargetName)
