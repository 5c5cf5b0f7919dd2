import { type BuildScenario, buildStage } from './build-stage.ts'
import { type DeployScenario, deployStage } from './deploy-stage.ts'
import type { Delivery } from './stage.ts'

const CRASH = { exitsWith: 3, exitsAfter: 200, logs: ['Error: no database'] }
const SLOW = { startsAfter: 600_000 }

const deploy = (name: string, green: boolean, scenario: DeployScenario): Delivery => ({
  name,
  green,
  open: () => deployStage(scenario),
})

export const oneService = deploy('one service', true, { form: 'service' })
export const release = deploy('a release of two services with a pre-deploy command', true, { form: 'plan' })
export const rollback = deploy('a rollback of two services', true, { form: 'plan', rollback: true })
export const crashLoop = deploy('one service whose new image crashes', false, { form: 'service', wanted: () => CRASH })
export const halfRelease = deploy('a release whose second service crashes', false, {
  form: 'plan',
  wanted: (command) => (command === 'worker' ? CRASH : {}),
})
export const cancelled = deploy('a deployment that is cancelled', false, {
  form: 'service',
  wanted: () => SLOW,
  cancelAt: 'new: 0 of 2 running, 2 pending',
})
export const timedOut = deploy('a deployment that takes too long', false, {
  form: 'service',
  wanted: () => SLOW,
  inputs: { timeout: '10s' },
})

const build = (name: string, scenario: BuildScenario): Delivery => ({ name, green: true, open: () => buildStage(scenario) })

export const newImage = build('an image that is not there yet', { there: false })
export const movedTag = build('an image that is not there yet, with a further tag', {
  there: false,
  inputs: { repository: 'shop/moving', tag: 'dev' },
})
export const furtherTag = build('an image that only lacks a further tag', { there: true, inputs: { tag: 'v1.0.0' } })
export const knownImage = build('an image that is there', { there: true })
