import { setTimeout as wait } from 'node:timers/promises'
import { CreateAliasCommand, PublishVersionCommand } from '@aws-sdk/client-lambda'
import type { Pace } from '../../local/aws/lambda/model.ts'
import { account, region } from '../../test/cloud-world.ts'
import { type LambdaWorld, startLambdaWorld } from '../../test/lambda-world.ts'
import { type Before, beforeRow, beforeWriting, FAR, type Whole, wholeRow } from '../call-rows.ts'
import { type Case, eventually } from '../deployments.ts'
import type { Figure, Options, Row } from '../figure.ts'
import { WATCHED, within } from '../lateness.ts'
import { arrival, type Seen, type StepScene, watchSteps } from '../steps.ts'

const NAME = 'events'
const MOST = 3_000
const MOST_AFTER_CANCEL = 1_000
/** Milliseconds without news after which the action looks less often. */
const CALM = 32_000

/** A function with an alias on its first version. */
const open = async (pace: Partial<Pace> = {}): Promise<LambdaWorld> => {
  const world = await startLambdaWorld({ factor: 1, images: { v1: {}, v2: {} }, pace })
  await world.create(NAME, 'v1')
  const { Version } = await world.client.send(new PublishVersionCommand({ FunctionName: NAME }))
  await world.client.send(new CreateAliasCommand({ FunctionName: NAME, Name: 'live', FunctionVersion: Version }))
  return world
}

const inputs = (world: LambdaWorld): Record<string, string> => world.inputs(NAME, 'v2')
/** How long AWS takes for the one thing that is waited for. */
const takes = ({ phase, calm }: Case): number => (calm ? CALM : 1_000) + phase

const success: StepScene<LambdaWorld, number> = {
  open: (which) => open({ update: 1_000, publish: takes(which) }),
  inputs,
  see: async ({ step, calls, ...which }) => {
    const line = await step.printed(`${NAME}: succeeded`)
    return line.at - ((await arrival(() => calls('lambda:PublishVersion'))) + takes(which))
  },
}

const failure: StepScene<LambdaWorld, number> = {
  open: async (which) => {
    const world = await open({ update: takes(which) })
    world.lambda.failNextUpdate({ account, region, name: NAME }, { code: 'ImageAccessDenied', reason: 'Lambda may not read it.' })
    return world
  },
  inputs,
  see: async ({ step, calls, ...which }) => {
    const line = await step.printed(/^::error::/)
    return line.at - ((await arrival(() => calls('lambda:UpdateFunctionCode'))) + takes(which))
  },
}

const stopped: StepScene<LambdaWorld, number> = {
  open: () => open({ update: 500, publish: 500 }),
  inputs: (world) => ({ ...inputs(world), traffic: '10% 10m' }),
  see: async ({ step, calls, phase, calm }) => {
    await step.printed('10 % of the traffic')
    await wait((calm ? CALM : 200) + phase)
    const before = calls('lambda:UpdateAlias').length
    const sent = Date.now()
    step.process.kill('SIGINT')
    return (await arrival(() => calls('lambda:UpdateAlias').slice(before))) - sent
  },
}

const before: StepScene<LambdaWorld, Before> = {
  latency: FAR,
  open: () => open(),
  inputs,
  see: async ({ calls }) => {
    await arrival(() => calls('lambda:UpdateFunctionCode'))
    return beforeWriting(calls())
  },
}

const whole: StepScene<LambdaWorld, Whole> = {
  open: () => open(),
  inputs: (world) => ({ ...inputs(world), traffic: '10% 2m\n50% 50s' }),
  see: async ({ step, calls }: Seen<LambdaWorld>) => {
    const ended = await eventually(
      () => Promise.race([step.done, wait(1_000)]),
      (end) => end !== undefined,
      240_000,
    )
    if (ended === undefined || ended.exitCode !== 0) throw new Error(`the deployment failed:\n${ended?.log}`)
    return { which: 'a Lambda function with two steps of traffic', calls: calls(), step: ended }
  },
}

const measure = async (options: Options): Promise<Row[]> => {
  const [done, failed, back, first, all] = await Promise.all([
    watchSteps(options, success),
    watchSteps(options, failure),
    watchSteps(options, stopped),
    watchSteps({ ...options, runs: Math.min(options.runs, 5) }, before),
    watchSteps({ ...options, runs: 1 }, whole),
  ])
  const from = (what: string) =>
    `${what}; the local Lambda does that so long after the call arrived as the run was given; ${WATCHED}`
  return [
    within(
      'success on screen after the Lambda version is Active',
      from('the version Active, to the line that says so; switch of the alias and proof lie between'),
      done,
      MOST,
    ),
    within('red on screen after a Lambda update failed', from('LastUpdateStatus Failed, to the first red line'), failed, MOST),
    within(
      'Lambda weights taken back after cancel',
      `SIGINT in a step of the traffic to the arrival of UpdateAlias; ${WATCHED}`,
      back,
      MOST_AFTER_CANCEL,
    ),
    beforeRow(first, 'Lambda'),
    ...all.map(wholeRow),
  ]
}

export const lambda: Figure = { name: 'lambda', alone: false, runs: 20, measure }
