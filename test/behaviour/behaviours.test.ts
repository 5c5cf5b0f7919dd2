// Some of the suite; tests of their own and the matrices say the rest of ECS.
import { testBehaviours } from './behaviours.case.ts'

for (const target of ['lambda', 'ec2'] as const)
  testBehaviours(target, ['one that answers with its content tag is deployed', 'one that is not healthy'])
