import { functionKeys, type LambdaService } from '../../lib/delivery/functions.ts'
import { serviceNames } from '../../lib/delivery/names.ts'
import { lambdaPlace } from '../../lib/delivery/services.ts'
import { arn } from '../identity/permissions/policy.ts'
import type { PlaceStack } from '../stack.ts'

/** A function by the key of `functions`, its name in AWS, and the only address at which it is called. */
export type FunctionPlace = { key: string; name: string; command?: readonly string[]; aliasArn: string }

/** A service on Lambda with its derived names. */
export type LambdaServicePlace = {
  service: LambdaService
  name: string
  names: ReturnType<typeof serviceNames>
  functions: FunctionPlace[]
}

export const placeOf = (stack: PlaceStack, name: string, service: LambdaService): LambdaServicePlace => {
  const { project } = stack.configuration
  const { functions, alias } = lambdaPlace(project, stack.place, name, service)
  const keys = functionKeys(name, service)
  return {
    service,
    name,
    names: serviceNames(project, stack.place, name),
    functions: functions.map((each, index) => ({
      key: keys[index] ?? name,
      name: each.name,
      ...(each.command && { command: each.command }),
      aliasArn: arn(stack, 'lambda', `function:${each.name}:${alias}`),
    })),
  }
}

/** For how many days logs of a service are kept. */
export const keptDays = ({ logs }: LambdaService, { terminationProtection }: PlaceStack): number =>
  logs ?? (terminationProtection ? 365 : 30)

/** Of a name, for a logical id, which has letters and digits only: names have no capitals, so a capital stands for the hyphen. */
export const idOf = (name: string): string => name.replaceAll('-', 'X')
