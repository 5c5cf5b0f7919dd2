import type { Resource, Template } from '../../../lib/infrastructure/template.ts'
import type { PreparedStack } from './prepare.ts'

type Seen = { kind: PreparedStack['kind']; wanted: Pick<PreparedStack['wanted'], 'name' | 'template'>; before?: Template }

/**
 * Container instances that would go while a service runs on them. AWS takes no capacity from a cluster that a service still
 * uses, and the cluster comes before the services: it would fail every time, also where the service leaves in the same run.
 */
export const sayCapacityInUse = (stacks: readonly Seen[], environment: string): string[] =>
  stacks.flatMap(({ kind, wanted, before }) => {
    if (kind === 'unchanged' || before === undefined) return []
    const kept = providersOf(wanted.template)
    return providersOf(before)
      .filter((provider) => !kept.includes(provider))
      .flatMap((provider) => {
        const users = stacks.filter((stack) => stack.before && runsOn(stack.before, provider)).map((stack) => stack.wanted.name)
        return users.length === 0 ? [] : [sayOne(wanted.name, users, environment)]
      })
  })

const sayOne = (cluster: string, users: string[], environment: string): string =>
  `${cluster} would give up its container instances, and ${users.join(', ')} still ${users.length === 1 ? 'runs' : 'run'} on them, ` +
  `which AWS refuses: write "cluster": { "instances": {} } in the environment ${environment} of delivery.json, deliver, and ` +
  'remove it again with a later push'

const ofType = ({ Resources }: Template, type: string): Resource[] => Object.values(Resources).filter(({ Type }) => Type === type)

const providersOf = (template: Template): unknown[] =>
  ofType(template, 'AWS::ECS::CapacityProvider').map(({ Properties }) => Properties?.['Name'])

const runsOn = (template: Template, provider: unknown): boolean =>
  ofType(template, 'AWS::ECS::Service').some(({ Properties }) => {
    const strategy = Properties?.['CapacityProviderStrategy']
    return Array.isArray(strategy) && strategy.some(({ CapacityProvider }) => CapacityProvider === provider)
  })
