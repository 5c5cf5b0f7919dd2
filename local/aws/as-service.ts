import type { ScenarioRole } from '../scenario.ts'
import type { Invoke } from './cloudformation/model.ts'
import { createFaults } from './faults.ts'
import { createPerform } from './perform.ts'
import { evaluate, type PolicyDocument } from './policy.ts'
import type { Recorder } from './recorder.ts'
import { AwsError, type Principal, type Service } from './service.ts'

type Dependencies = {
  recorder: Recorder
  policiesOf(account: string, role: string): PolicyDocument[] | undefined
  roles: ScenarioRole[]
  /** Asked when something is called: they are made of this. */
  services(): Service[]
}

const PRINCIPAL = 'cloudformation.amazonaws.com'

/** What a service of AWS does inside AWS for whoever has handed it a role. The faults of a scenario are those of the network, and not here. */
export const asService = ({
  recorder,
  policiesOf,
  roles,
  services,
}: Dependencies): { invoke: Invoke; assume(role: string): Principal } => {
  const perform = createPerform(createFaults(), policiesOf)
  return {
    invoke: async (principal, region, service, operation, input) => {
      const call = { service, operation, region, principal }
      const recorded = recorder.open(call, input, 'api')
      try {
        const served = services().flatMap(({ name, operations }) => (name === service ? (operations[operation] ?? []) : []))[0]
        if (served === undefined) throw new AwsError('NotImplemented', `NotImplemented: ${service}:${operation}`, 501)
        return await perform(call, recorded, {
          authorize: () => served.authorize(input as never, call),
          run: () => served.run(input as never, call),
          reset: () => {},
          stall: () => {},
        })
      } catch (error) {
        recorded.end(error instanceof Error ? error.name : String(error))
        throw error
      }
    },
    assume: (arn) => {
      const account = arn.split(':')[4] ?? ''
      const role = arn.slice(arn.lastIndexOf('/') + 1)
      const found = roles.find((each) => each.arn === arn)
      const request = { action: 'sts:AssumeRole', resource: arn, principal: { Service: [PRINCIPAL] } }
      if (found === undefined || evaluate([found.trust], request) !== 'allowed')
        throw new AwsError('ValidationError', `Role ${arn} is invalid or cannot be assumed`)
      return { account, arn: `arn:aws:sts::${account}:assumed-role/${role}/AWSCloudFormation`, accessKeyId: '', role }
    },
  }
}
