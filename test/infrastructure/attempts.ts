import type { Step } from '../../local/github/step.ts'
import { account, region } from '../cloud-world.ts'
import { establish, green } from './runs.ts'
import type { Variant } from './templates.ts'
import { type InfrastructureWorld, openInfrastructure } from './world.ts'

export const RUN = 9
export const services = ['api'] as const

/** One run that changes the same service's stack again and again: attempts of one run inherit its lease. */
export const openAttempts = async (end: (close: () => Promise<void>) => void) => {
  const world: InfrastructureWorld = await openInfrastructure(end, { factor: 200 })
  await establish(world, services)
  let attempt = 0
  const start = (inputs: Record<string, string>) => {
    attempt += 1
    const limits = { 'request-timeout': '1s', ...(inputs['operation'] === 'execute' && { 'lease-duration': '30s' }) }
    return world.infra(RUN, { ...limits, ...inputs }, { env: { GITHUB_RUN_ATTEMPT: String(attempt) } })
  }
  let changes = 0
  return {
    ...world,
    start,
    /** The next change of infrastructure, prepared and approved. */
    change: async (more: Variant = {}): Promise<{ value: string; execution: Record<string, string> }> => {
      changes += 1
      const value = String(changes)
      const assembly = world.assemble({ services, variables: { CHANGE: value }, ...more })
      const { outputs } = await green(start({ operation: 'prepare', assembly }))
      return { value, execution: { operation: 'execute', assembly, approved: outputs['approved'] ?? '' } }
    },
    /** What CloudFormation has, with what runs. */
    end: async () => {
      const stack = world.stacks.stack(account, region, 'shop-dev-service-api')
      const task = stack?.resources.get('Task')?.properties as {
        ContainerDefinitions: { Environment: { Name: string; Value: string }[] }[]
      }
      const { api, count } = await world.observe()
      return {
        value: task.ContainerDefinitions[0]?.Environment.find(({ Name }) => Name === 'CHANGE')?.Value,
        status: stack?.status,
        isProtected: stack?.terminationProtection,
        api,
        count,
      }
    },
  }
}

export const isGreen = ({ exitCode }: Step): boolean => exitCode === 0
