import { setTimeout as wait } from 'node:timers/promises'
import type { ScriptedImage } from '../../local/aws/ssm/scripted-hosts.ts'
import { type Ec2World, startEc2World } from '../../test/ec2-world.ts'
import { type Before, beforeRow, beforeWriting, FAR, type Whole, wholeRow } from '../call-rows.ts'
import { type Case, eventually } from '../deployments.ts'
import type { Figure, Options, Row } from '../figure.ts'
import { WATCHED, within } from '../lateness.ts'
import { arrival, type Seen, type StepScene, watchSteps } from '../steps.ts'

const MOST = 3_000
const MOST_AFTER_CANCEL = 1_000
const CALM = 32_000
/** Milliseconds until a command reaches a host of the local cloud. */
const DELIVERY = 500
/** Part of a deployment after which a host finds that the new container is not healthy. */
const GATE = 0.7

const ONE = ['i-0000000a']

const open = async (image: ScriptedImage, hosts: readonly string[] = ONE): Promise<Ec2World> => {
  const world = await startEc2World({ factor: 1, hosts })
  world.script('v2', image)
  return world
}

const inputs = (world: Ec2World): Record<string, string> => world.inputs('v2')
const takes = ({ phase, calm }: Case): number => (calm ? CALM : 2_000) + phase

const deploys = ({ calls }: Pick<Seen<Ec2World>, 'calls'>) =>
  calls('ssm:SendCommand').filter(
    ({ input }) => (input as { Parameters?: { Operation?: string[] } }).Parameters?.Operation?.[0] === 'deploy',
  )

const success: StepScene<Ec2World, number> = {
  open: (which) => open({ takes: takes(which) }),
  inputs,
  see: async ({ step, ...seen }) => {
    const line = await step.printed('edge: succeeded')
    return line.at - ((await arrival(() => deploys(seen))) + DELIVERY + takes(seen))
  },
}

const failure: StepScene<Ec2World, number> = {
  open: (which) => open({ takes: takes(which), fails: 'unhealthy', log: ['Error: no database'] }),
  inputs,
  see: async ({ step, ...seen }) => {
    const line = await step.printed(/^::error::/)
    return line.at - ((await arrival(() => deploys(seen))) + DELIVERY + takes(seen) * GATE)
  },
}

const stopped: StepScene<Ec2World, number> = {
  open: () => open({ hangs: true }),
  inputs,
  see: async ({ step, phase, calm, ...seen }) => {
    await arrival(() => deploys(seen))
    await wait((calm ? CALM : 1_500) + phase)
    const sent = Date.now()
    step.process.kill('SIGINT')
    return (await arrival(() => seen.calls('ssm:CancelCommand'))) - sent
  },
}

const before: StepScene<Ec2World, Before> = {
  latency: FAR,
  open: () => open({}),
  inputs,
  see: async (seen) => {
    await arrival(() => deploys(seen))
    return beforeWriting(seen.calls())
  },
}

const whole: StepScene<Ec2World, Whole> = {
  open: () => open({ takes: 56_000 }, ['i-0000000a', 'i-0000000b', 'i-0000000c']),
  inputs: (world) => ({ ...inputs(world), batch: '1' }),
  see: async ({ step, calls }) => {
    const ended = await eventually(
      () => Promise.race([step.done, wait(1_000)]),
      (end) => end !== undefined,
      240_000,
    )
    if (ended === undefined || ended.exitCode !== 0) throw new Error(`the deployment failed:\n${ended?.log}`)
    return { which: 'three EC2 hosts one after the other', calls: calls(), step: ended }
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
    `${what}; a scripted host ends so long after its command arrived as the run was given, and Run Command shows it up to a second later; ${WATCHED}`
  return [
    within(
      'success on screen after the last EC2 host is done',
      from(
        'the end of the program on the host to the line that says so; the look for further hosts and the proof, a command each, lie between',
      ),
      done,
      MOST,
    ),
    within(
      'red on screen after an EC2 host failed',
      from('the end of the program on the host to the first red line'),
      failed,
      MOST,
    ),
    within('EC2 command cancelled after cancel', `SIGINT to the arrival of CancelCommand; ${WATCHED}`, back, MOST_AFTER_CANCEL),
    beforeRow(first, 'EC2', false),
    ...all.map(wholeRow),
  ]
}

export const ec2: Figure = { name: 'ec2', alone: false, runs: 20, measure }
