import { openEc2 } from './ec2.ts'
import { openEcs } from './ecs.ts'
import { openLambda } from './lambda.ts'
import type { OpenTarget } from './world.ts'

export const targets = { ecs: openEcs, lambda: openLambda, ec2: openEc2 } satisfies Record<string, OpenTarget>

export type TargetName = keyof typeof targets
