import type { TargetName } from '../behaviour/targets.ts'
import { type BuildScenario, buildStage } from './build-stage.ts'
import { type DeployScenario, deployStage } from './deploy-stage.ts'
import type { Delivery } from './stage.ts'

const deploy = (name: string, green: boolean, scenario: DeployScenario): Delivery => ({
  name,
  green,
  open: () => deployStage(scenario),
})

/** Deliveries to one target, as the matrices ask for them. */
export const deliveriesTo = (target: TargetName) => {
  const both = { target, form: 'plan', services: ['api', 'worker'], preDeploy: true } as const
  const one = { target, form: 'service' } as const
  return {
    oneService: deploy('one service', true, one),
    release: deploy('a release of two services with a pre-deploy command', true, both),
    rollback: deploy('a rollback of two services', true, { ...both, rollback: true }),
    proof: deploy('two services that do not run what is recorded', true, { ...both, prove: true }),
    crashLoop: deploy('one service whose new image crashes', false, { ...one, wanted: 'crashes' }),
    firstCrash: deploy('a first start whose image crashes', false, {
      ...{ target, form: 'plan', before: 'v2', wanted: 'crashes', first: true },
    }),
    halfRelease: deploy('a release whose second service crashes', false, { ...both, last: 'crashes' }),
    cancelled: deploy('a deployment that is cancelled', false, { ...one, wanted: 'slow', during: 'cancel' }),
    timedOut: deploy('a deployment that takes too long', false, { ...one, wanted: 'slow', limit: 10 }),
  }
}

const build = (name: string, scenario: BuildScenario): Delivery => ({ name, green: true, open: () => buildStage(scenario) })

export const newImage = build('an image that is not there yet', { there: false })
export const movedTag = build('an image that is not there yet, with a further tag', {
  there: false,
  inputs: { repository: 'shop/moving', tag: 'dev' },
})
export const furtherTag = build('an image that only lacks a further tag', { there: true, inputs: { tag: 'v1.0.0' } })
export const knownImage = build('an image that is there', { there: true })
