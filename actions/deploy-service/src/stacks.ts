import { Refusal } from '../../../lib/refusal.ts'
import { patience } from './patience.ts'
import type { TargetTools } from './target.ts'

/** How CloudFormation says that a stack stands. `isFinished`: its creation was brought to its end, see `CREATED`. */
export type StackState = { status: string; isFinished: boolean }

export interface Stacks {
  /** Undefined where there is no such stack; `denied`, in AWS's words, where it may not be looked at. */
  look(stack: string): Promise<StackState | { denied: string } | undefined>
}

/** A stack that is there and may be looked at. */
export type Seen = StackState & { stack: string }

export type StackWait = {
  stacks: Stacks
  tools: TargetTools
  environment: string
  branch: string
  region: string
  /** Milliseconds to wait for CloudFormation. */
  limit: number
  signal: AbortSignal
}

export const isBusy = ({ status }: StackState): boolean => status.endsWith('_IN_PROGRESS')

type Look = Pick<StackWait, 'stacks' | 'tools'>

/** Looks at all of them at once. Errors that may pass are borne for a minute. Those that may not be looked at are said, and left out. */
export const seeStacks = async (
  names: readonly string[],
  { environment, ...look }: Look & { environment: string },
): Promise<Seen[]> => {
  const { seen, denied } = await seeAll(names, look)
  if (denied !== undefined)
    look.tools.log.warning(
      `${denied}. Whether CloudFormation is at work on the services of ${environment} is not known, and not waited for: ` +
        `the roles there are older than this action. Renew them: npm run account -- --environment ${environment} --yes`,
    )
  return seen
}

const seeAll = async (names: readonly string[], look: Look): Promise<{ seen: Seen[]; denied?: string }> => {
  const states = await Promise.all(names.map((name) => seeOne(name, look)))
  const seen = states.flatMap((state, index) =>
    state === undefined || 'denied' in state ? [] : [{ ...state, stack: names[index] ?? '' }],
  )
  const denied = states.flatMap((state) => (state !== undefined && 'denied' in state ? [state.denied] : []))
  return { seen, ...(denied[0] !== undefined && { denied: denied[0] }) }
}

const seeOne = async (name: string, { stacks, tools }: Look): ReturnType<Stacks['look']> => {
  const { bear } = patience(tools)
  for (;;) {
    try {
      return await stacks.look(name)
    } catch (error) {
      bear(error)
    }
    await tools.clock.sleep(tools.pollInterval)
  }
}

/**
 * Waits until CloudFormation has ended what it does with the stacks that were seen: until then it may bring, or take back, what a
 * deployment has just replaced. Resolves to how they ended, early where the signal says so. Throws a `Refusal` after the limit.
 */
export const stacksAtRest = async (seen: readonly Seen[], wait: StackWait): Promise<readonly Seen[]> => {
  const { tools, limit, signal } = wait
  const until = tools.clock.monotonic() + limit
  let states = seen
  let said = ''
  for (;;) {
    const busy = states.filter(isBusy)
    if (busy.length === 0 || signal.aborted) return states
    const words = inWords(busy)
    if (tools.clock.monotonic() >= until) throw stillBusy(busy, wait)
    if (words !== said) tools.log.notice(`waiting for CloudFormation: ${words}`)
    said = words
    await tools.clock.sleep(tools.pollInterval, signal)
    if (signal.aborted) return states
    const { seen: now, denied } = await seeAll(
      states.map(({ stack }) => stack),
      wait,
    )
    // It could be looked at a moment ago, so that this says nothing of how it stands.
    if (denied !== undefined) throw new Refusal(`${denied}; nothing was changed`)
    states = now
  }
}

const inWords = (busy: readonly Seen[]): string => busy.map(({ stack, status }) => `${stack} is ${status}`).join(', ')

const stillBusy = (busy: readonly Seen[], { limit, region }: StackWait): Refusal =>
  new Refusal(
    `CloudFormation is still at work after ${Math.round(limit / 1000)} s: ${inWords(busy)}; nothing was changed. ` +
      `See what it waits for with 'aws cloudformation describe-stack-events --region ${region} --stack-name ${busy[0]?.stack}', ` +
      "and run this again when it has ended, or give a longer 'lease-timeout'",
  )

/**
 * Refuses what was created and not brought to its end: the next change of infrastructure would set the count of its tasks to 0
 * again. With `goesOn` that is only said.
 */
export const requireFinished = (
  seen: readonly Seen[],
  { tools, environment, branch }: Pick<StackWait, 'tools' | 'environment' | 'branch'>,
  goesOn: boolean,
): void => {
  const open = seen.find((each) => !each.isFinished && !isBusy(each))
  if (open === undefined) return
  const what = `the creation of the stack ${open.stack} was not brought to its end (${open.status})`
  const remedy = `Deploy the infrastructure of ${environment} again, which does that: gh workflow run infra.yml --ref ${branch}`
  if (!goesOn) throw new Refusal(`${what}; nothing was changed. ${remedy}`)
  tools.log.warning(`${what}. ${remedy}`)
}
