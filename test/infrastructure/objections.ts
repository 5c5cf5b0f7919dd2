import type { Fault } from '../../local/aws/faults.ts'
import type { Step } from '../../local/github/step.ts'
import { stepRules } from '../faults/deploy-objections.ts'
import { leaks } from '../faults/leaks.ts'
import { namesCall } from '../faults/matrix.ts'
import { type Attempts, goals } from './attempts.ts'

export type End = Awaited<ReturnType<Attempts['settled']>>

/** What the promises say of the end, whatever happened on the way. */
const expected = (goal: number, tag: string) => {
  const { value, protect } = goals[goal] ?? goals[0]
  const stack = { status: 'UPDATE_COMPLETE', value, protect }
  return { stacks: [stack, stack], api: tag, count: 2, running: 2, latest: 'v1', records: [tag, 'v1'] }
}

/** What every step keeps to. */
export const stepObjections = (world: Attempts, step: Step): string[] => [
  ...stepRules(step, step.exitCode === 0).flatMap(([isBroken, objection]) => (isBroken ? [objection] : [])),
  ...leaks({ secrets: world.secrets, traces: () => [] }, step),
]

export const isDone = (end: End, goal: number, tag: string): boolean =>
  JSON.stringify(end) === JSON.stringify(expected(goal, tag))

/** What is said of a call that failed for good. The SDK itself sends a throttled call of STS again, three times in all. */
export const redObjections = (step: Step, fault: Fault): string[] => {
  if (step.exitCode === 0) return []
  // What STS refuses before there are credentials has a text of its own.
  const isTrust = fault.call === 'sts:AssumeRoleWithWebIdentity'
  const rules: [boolean, string][] = [
    [!namesCall(step, fault), 'the error line does not name the call'],
    [fault.then === 'throttle' && !fault.call.startsWith('sts:'), 'what AWS asks to slow down was given up'],
    [fault.then === 'hang' && !step.log.includes('request-timeout'), 'it is not said what limits a request'],
    [fault.then === 'deny' && !isTrust && !/allow/.test(step.log), 'it is not said what must be allowed'],
    [fault.then === 'expire' && !isTrust && !step.log.includes('have expired'), 'it is not said that credentials have expired'],
  ]
  return rules.flatMap(([isBroken, objection]) => (isBroken ? [objection] : []))
}
