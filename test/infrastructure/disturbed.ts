import type { Fault, FaultEffect } from '../../local/aws/faults.ts'
import type { RecordedCall } from '../../local/aws/recorder.ts'
import { counted } from '../faults/cells.ts'
import { LONGEST } from '../faults/stage.ts'
import { type Attempts, bounded } from './attempts.ts'
import { isDone, redObjections, stepObjections } from './objections.ts'

export type Disturbance = { operation: 'prepare' | 'execute'; name: string; faults: Fault[] }

type When = (nth: number) => Omit<Fault, 'call' | 'then'>[]
const once: When = (nth) => [{ nth }]
const forGood: When = (from) => [{ from }]
const aWhile: When = (nth) => [0, 1, 2, 3, 4].map((more) => ({ nth: nth + more }))

const EFFECTS: { name: string; then: FaultEffect; when: When }[] = [
  { name: 'throttled once', then: 'throttle', when: once },
  { name: 'throttled for a while', then: 'throttle', when: aWhile },
  { name: 'a fault of AWS', then: 'error-500', when: once },
  { name: 'a fault of AWS that stays', then: 'error-500', when: forGood },
  { name: 'hangs', then: 'hang', when: once },
  { name: 'applied and then reset', then: 'reset-after-apply', when: once },
  { name: 'denied', then: 'deny', when: forGood },
  { name: 'credentials have expired', then: 'expire', when: forGood },
]

/** Every effect at every call, in turn at the first, a middle and the last one. */
export const disturbances = (operation: Disturbance['operation'], calls: readonly RecordedCall[]): Disturbance[] =>
  [...counted(calls)].flatMap(([call, count], row) =>
    EFFECTS.map(({ name, then, when }, column) => {
      const nth = [1, Math.ceil(count / 2), count][(row + column) % 3] ?? 1
      return {
        operation,
        name: `${operation}: ${call}, number ${nth}: ${name}`,
        faults: when(nth).map((at) => ({ call, then, ...at })),
      }
    }),
  )

/** The calls of an undisturbed one. CloudFormation's own calls are not the action's. */
export const undisturbed = async (
  world: Attempts,
  operation: Disturbance['operation'],
  goal: number,
): Promise<RecordedCall[]> => {
  const mark = world.cloud.recorder.mark()
  const step = await world.start(operation === 'prepare' ? world.preparation(goal) : world.execution(goal)).done
  if (step.exitCode !== 0) throw new Error(step.log)
  return world.cloud.recorder.calls({ since: mark }).filter(({ principal }) => !principal.includes('shop-dev-cloudformation'))
}

/** Strikes one operation, does it again, and says which promises were broken: nothing, where all were kept. */
export const disturb = async (
  world: Attempts,
  { operation, faults }: Disturbance,
  goal: number,
  tag: string,
): Promise<string[]> => {
  const inputs = operation === 'prepare' ? world.preparation(goal) : world.execution(goal)
  const mark = world.cloud.recorder.mark()
  world.cloud.faults.set(faults)
  const struck = await bounded(world.start(inputs), LONGEST)
  world.cloud.faults.set([])
  const objections = [...stepObjections(world, struck), ...faults.slice(0, 1).flatMap((fault) => redObjections(struck, fault))]
  const hasExecuted = world.cloud.recorder
    .calls({ since: mark, call: 'cloudformation:ExecuteChangeSet' })
    .some(({ outcome }) => outcome === 'ok')
  const isGreen = struck.exitCode === 0
  if (operation === 'prepare') {
    if (hasExecuted) objections.push('a preparation has executed something')
    if (isGreen && !isSame(struck.outputs['approved'] ?? '', world.shown(goal)))
      objections.push('green, and something else is to be approved')
    return objections.length === 0 ? [] : [...objections, struck.log]
  }
  if (hasExecuted && struck.outputs['changes'] === 'false') objections.push('something was executed, and no change is reported')
  const logs = [struck.log]
  if (!isGreen) {
    const post = await bounded(world.start(inputs, struck.state), LONGEST)
    logs.push(post.log)
    objections.push(...stepObjections(world, post), ...(post.exitCode === 0 ? [] : ['the post step failed']))
  }
  const between = await world.settled()
  if (between.api !== tag || between.count !== 2)
    objections.push(`${between.api} runs ${between.count} times, and ${tag} is recorded`)
  if (isGreen && !isDone(between, goal, tag)) objections.push('green, and not everything is there')
  if (!isGreen) {
    const again = await bounded(world.start(inputs), LONGEST)
    logs.push(again.log)
    if (again.exitCode !== 0) objections.push('the next run, without a fault, failed')
    if (!isDone(await world.settled(), goal, tag)) objections.push('not as after an undisturbed run')
  }
  return objections.length === 0 ? [] : [...objections, ...logs, JSON.stringify({ between, outputs: struck.outputs })]
}

/** Whether the same is to be approved, whatever change sets show it, and whenever. */
const isSame = (approved: string, before: string): boolean => {
  const bare = (text: string): string => text.replaceAll(/"(changeSet|seen)":"[^"]*",?/g, '')
  return bare(approved) === bare(before)
}
