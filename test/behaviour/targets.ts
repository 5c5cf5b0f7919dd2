import { openEcs } from './ecs.ts'
import type { OpenTarget } from './world.ts'

export const targets = { ecs: openEcs } satisfies Record<string, OpenTarget>

export type TargetName = keyof typeof targets
