import { openEcs } from './ecs.ts'
import { openLambda } from './lambda.ts'
import type { OpenTarget } from './world.ts'

export const targets = { ecs: openEcs, lambda: openLambda } satisfies Record<string, OpenTarget>

export type TargetName = keyof typeof targets
