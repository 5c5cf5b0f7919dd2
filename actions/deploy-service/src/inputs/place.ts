import { exclude } from '../../../../lib/runner/inputs.ts'
import type { Place } from '../place.ts'
import { EC2_INPUTS, ec2Place } from './ec2.ts'
import { ECS_INPUTS, ecsPlace } from './ecs.ts'
import { LAMBDA_INPUTS, lambdaPlace } from './lambda.ts'

export const TARGETS = ['ecs', 'lambda', 'ec2'] as const
type Target = (typeof TARGETS)[number]

const BY_TARGET: Record<Target, readonly string[]> = { ecs: ECS_INPUTS, lambda: LAMBDA_INPUTS, ec2: EC2_INPUTS }

/** Inputs that say where a single service is found. */
export const PLACE_INPUTS = ['target', ...new Set(Object.values(BY_TARGET).flat())]

/** Where the service is, by plain inputs; an input that means nothing on this target is refused. */
export const placeInputs = (target: Target, version: string | undefined): Place => {
  const others = TARGETS.filter((other) => other !== target)
  for (const other of others) {
    for (const name of BY_TARGET[other]) {
      if (!BY_TARGET[target].includes(name)) exclude(name, `goes with 'target: ${other}'; the target is ${target}`)
    }
  }
  switch (target) {
    case 'ecs':
      return ecsPlace()
    case 'lambda':
      return lambdaPlace(version)
    case 'ec2':
      return ec2Place(version)
  }
}
