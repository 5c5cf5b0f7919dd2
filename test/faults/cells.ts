import type { Fault, FaultEffect } from '../../local/aws/faults.ts'
import { isChange, type RecordedCall } from '../../local/aws/recorder.ts'

export const EFFECTS: readonly FaultEffect[] = ['throttle', 'error-500', 'hang', 'reset-after-apply', 'deny', 'expire']

/** `ecs:DescribeServices` and how often it was called. */
export const counted = (calls: readonly RecordedCall[]): Map<string, number> =>
  new Map(
    [...Map.groupBy(calls, ({ service, operation }) => `${service}:${operation}`)].map(([name, group]) => [name, group.length]),
  )

/** The first, a middle and the last occurrence, and from the first or the middle one on for good. */
const strikes = (occurrences: number): Pick<Fault, 'nth' | 'from'>[] => {
  const middle = Math.ceil(occurrences / 2)
  const single = [...new Set([1, middle, occurrences])].map((nth) => ({ nth }))
  return [...single, ...[...new Set([1, middle])].map((from) => ({ from }))]
}

/** Every fault at every call of an undisturbed run. */
export const allFaults = (calls: ReadonlyMap<string, number>): Fault[] =>
  [...calls].flatMap(([call, occurrences]) =>
    EFFECTS.flatMap((then) => strikes(occurrences).map((when): Fault => ({ call, then, ...when }))),
  )

/** Each effect at each call once: in turn the first time, the last time, and from then on. */
export const someFaults = (calls: ReadonlyMap<string, number>): Fault[] =>
  [...calls].flatMap(([call, occurrences], row) =>
    EFFECTS.map((then, column): Fault => {
      const choice = strikes(occurrences)
      return { call, then, ...choice[(row + column) % choice.length] }
    }),
  )

/** Answers that came from no service, or not to their end: what counts is whether a call that writes was applied. */
const NO_ANSWERS: readonly FaultEffect[] = ['page-503', 'page-504-after-apply', 'stall-after-apply']

/** Each of them once at each call that writes: in turn the first time, a middle and the last one. */
export const answersOfNone = (calls: ReadonlyMap<string, number>): Fault[] =>
  [...calls]
    .filter(([call]) => isChange({ operation: call.split(':')[1] ?? '', input: {} }))
    .flatMap(([call, occurrences], row) =>
      NO_ANSWERS.map((then, column): Fault => {
        const choice = [1, Math.ceil(occurrences / 2), occurrences]
        return { call, then, nth: choice[(row + column) % choice.length] ?? 1 }
      }),
    )

export const nameOf = ({ call, then, nth, from }: Fault): string =>
  `${call} ${nth === undefined ? `from number ${from} on` : `number ${nth}`}: ${then}`
