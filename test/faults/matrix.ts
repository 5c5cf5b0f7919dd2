import { isDeepStrictEqual } from 'node:util'
import type { Fault } from '../../local/aws/faults.ts'
import type { Step } from '../../local/github/step.ts'
import { counted } from './cells.ts'
import { leaks } from './leaks.ts'
import type { Delivery, EndState, Stage } from './stage.ts'

export type Undisturbed = {
  /** Calls of the product by name, and how often. */
  calls: Map<string, number>
  /** How many there were in all. */
  total: number
  state: EndState
  outcome: string
}

const judge = async (stage: Stage, step: Step): Promise<{ state: EndState; objections: string[] }> => {
  const { state, objections } = await stage.conclude(step)
  return { state, objections: [...objections, ...leaks(stage, step)] }
}

const outcomeOf = ({ outputs }: Step): string => outputs['outcome'] ?? outputs['result'] ?? ''

export const undisturbed = async (delivery: Delivery): Promise<Undisturbed> => {
  const stage = await delivery.open()
  try {
    const mark = stage.cloud.recorder.mark()
    const step = await stage.start(1).done
    const calls = stage.cloud.recorder.calls({ since: mark })
    const { state, objections } = await judge(stage, step)
    const isGreen = step.exitCode === 0
    if (objections.length > 0 || isGreen !== delivery.green) {
      throw new Error(`${delivery.name}, undisturbed: ${objections.join('; ')}\n${step.log}`)
    }
    return { calls: counted(calls), total: calls.length, state, outcome: outcomeOf(step) }
  } finally {
    await stage.close()
  }
}

/** Runs a delivery with a fault. What comes back is empty where every promise was kept. */
export const underFault = async (delivery: Delivery, fault: Fault): Promise<string[]> => {
  const stage = await delivery.open()
  try {
    stage.cloud.faults.set([fault])
    const step = await stage.start(1).done
    stage.cloud.faults.set([])
    const post = step.state['unfinished'] ? await stage.start(1, step.state).done : undefined
    const { state, objections } = await judge(stage, step)
    if (post !== undefined) objections.push(...leaks(stage, post), ...(post.exitCode === 0 ? [] : ['the post step failed']))
    if (step.exitCode === 0 && !delivery.green) objections.push('a failing deployment ended green')
    if (step.exitCode !== 0 && delivery.green && !namesCall(step, fault)) objections.push('the error line does not name the call')
    return objections.length === 0
      ? []
      : [...objections, `outcome ${outcomeOf(step)}`, step.log, post?.log ?? '', JSON.stringify(state)]
  } finally {
    await stage.close()
  }
}

/** Calls whose refusal is told in other words than the call's name. */
const WORDS: Record<string, string> = {
  'sts:AssumeRoleWithWebIdentity': 'STS refused to let this job assume',
  'ecr:BatchCheckLayerAvailability': 'HEAD blob',
  'ecr:BatchGetImage': 'GET manifest',
  'ecr:GetDownloadUrlForLayer': 'GET blob',
  'ecr:ListImageReferrers': 'GET referrers',
  'ecr:InitiateLayerUpload': 'POST upload',
  'ecr:CompleteLayerUpload': 'PUT blob',
  'ecr:PutImage': 'PUT manifest',
}

export const namesCall = ({ log }: Step, { call }: Fault): boolean => {
  const lines = log.split('\n')
  // A call that is sent again until the time is over is named where it failed; the closing line then names the time.
  const isLate = /not done within|its time is over/.test(log)
  const red = lines.filter((line) => isLate || /^::error::[a-z-]+: /.test(line))
  return red.some((line) => line.includes(call) || line.includes(WORDS[call] ?? call))
}

/** When the process is killed, and whether the runner gets to run the post step. */
export type Kill = { call: number; applied: boolean; post: boolean }

/** Kills a delivery at its nth call, runs it again, and says in what the end differs from that of an undisturbed run. */
export const underKill = async (delivery: Delivery, kill: Kill, expected: Undisturbed): Promise<string[]> => {
  const stage = await delivery.open()
  try {
    const running = stage.start(1)
    const hang = { call: '*', nth: kill.call, then: kill.applied ? 'hang-after-apply' : 'hang' } as const
    stage.cloud.faults.set([hang], () => running.process.kill('SIGKILL'))
    const killed = await running.done
    stage.cloud.faults.set([])
    const post = kill.post ? await stage.start(1, killed.state).done : undefined
    const step = await stage.start(2).done
    const { state } = await judge(stage, step)
    const objections = [
      ...[killed, step, ...(post ? [post] : [])].flatMap((each) => leaks(stage, each)),
      ...(post === undefined || post.exitCode === 0 ? [] : ['the post step failed']),
      ...(step.exitCode === (delivery.green ? 0 : 1) ? [] : [`the second run ended with ${step.exitCode}`]),
      ...(outcomeOf(step) === expected.outcome || delivery.green ? [] : [`the second run ended as ${outcomeOf(step)}`]),
      ...differences(expected.state, post ? startedOnce(state) : state),
    ]
    return objections.length === 0 ? [] : [...objections, killed.log, post?.log ?? '(no post step)', step.log]
  } finally {
    await stage.close()
  }
}

/** A post step takes its deployment back, so that the next run has to start one more. */
const startedOnce = (state: EndState): EndState => JSON.parse(JSON.stringify(state).replaceAll('"started":2', '"started":1'))

const differences = (expected: EndState, actual: EndState): string[] =>
  isDeepStrictEqual(expected, actual) ? [] : [`expected ${JSON.stringify(expected)}`, `found ${JSON.stringify(actual)}`]
