import { join } from 'node:path'
import type { Configuration } from '../../lib/delivery/configuration.ts'
import { setUpAccount } from '../account/account.ts'
import { type SynthesisedStack, writeAssembly } from '../account/synthesis.ts'
import type { Run } from './actions.ts'
import { destroy } from './destroy.ts'
import type { Place, StepName } from './place.ts'
import type { Clone } from './project.ts'

export type Scene = {
  place: Place
  configuration: Configuration
  stacks: readonly SynthesisedStack[]
  clone: Clone
  run: Run
  print(line: string): void
}

/** Works like the first commit, and is another image. */
const better = (text: string): string => `${text}\nexport const better = true\n`

/** Ends as soon as it is started. */
const broken = (text: string): string => `${text}\nthrow new Error('live: broken on purpose')\n`

type Planned = { plan: string; digests: string }

/** What each step does, with what it resolves to for the table. Each throws where something is not as promised. */
export const story = ({ place, configuration, stacks, clone, run, print }: Scene): Record<StepName, () => Promise<string>> => {
  const ambient = { credentials: 'ambient' }
  const poll = { 'poll-interval': place.pollInterval }
  let runs = 0
  let first: Planned | undefined

  /** Plans the head of dev, and builds what is missing. */
  const planned = async (inputs: Record<string, string> = {}): Promise<Planned> => {
    runs += 1
    const { outputs } = await run('plan-delivery', runs, { ...ambient, ...inputs })
    const digests: Record<string, string> = {}
    const images: { name: string; digest?: string; build: Record<string, string> }[] = JSON.parse(outputs['images'] || '[]')
    for (const { name, digest, build } of images) {
      if (digest !== undefined) continue
      const { 'role-to-assume': _, ...given } = build
      const built = await run('build-push-image', runs, given)
      digests[name] = built.outputs['digest'] ?? ''
    }
    return { plan: outputs['plan'] ?? '', digests: JSON.stringify(digests) }
  }
  const carry = ({ plan, digests }: Planned, more: Record<string, string> = {}, isRed = false) =>
    run('deploy-service', runs, { ...ambient, ...poll, plan, ...(digests !== '{}' && { digests }), ...more }, isRed)
  const ends = (outputs: Record<string, string>, outcome: string): string => {
    if (outputs['outcome'] === outcome) return outcome
    throw new Error(`expected ${outcome}, it ended as ${outputs['outcome']}: ${outputs['reason']}`)
  }
  const begun = (): Planned => {
    if (first === undefined) throw new Error('there is no image, because it could not be built')
    return first
  }

  return {
    'set up': async () => {
      const request = { configuration, stacks: async () => stacks, environments: [], isCheck: false, isApplied: true }
      const isDone = await setUpAccount(place.clients, { ...request, print, poll: place.poll, now: () => new Date() })
      if (!isDone) throw new Error('the account is not set up')
      return `${stacks.filter(({ isAdministrators }) => isAdministrators).length} stacks`
    },
    build: async () => {
      first = await planned()
      return Object.values(JSON.parse(first.digests)).join(', ') || 'found'
    },
    seed: async () => {
      await carry(begun(), { operation: 'seed' })
      return 'image records written'
    },
    infrastructure: async () => {
      const assembly = 'build/cdk.out'
      writeAssembly(configuration, join(clone.folder, assembly))
      const given = { ...ambient, ...poll, environment: 'dev', assembly }
      const { outputs } = await run('deploy-infrastructure', runs, { ...given, operation: 'prepare' })
      const executed = await run('deploy-infrastructure', runs, {
        ...given,
        operation: 'execute',
        approved: outputs['approved'] ?? '',
      })
      return ends(executed.outputs, 'succeeded')
    },
    deliver: async () => ends((await carry(begun())).outputs, 'succeeded'),
    'deliver again': async () => {
      const again = await planned()
      return ends((await carry(again)).outputs, 'no-change')
    },
    break: async () => {
      clone.change(broken, 'Break it')
      const { outputs } = await carry(await planned(), {}, true)
      ends(outputs, 'failed-rolled-back')
      if (!outputs['cause']) throw new Error('it went back and gave no cause')
      return `failed-rolled-back: ${outputs['cause']}`
    },
    'roll back': async () => {
      clone.change((text) => better(text.replace(broken(''), '')), 'Make it better')
      ends((await carry(await planned())).outputs, 'succeeded')
      const back = await planned({ operation: 'rollback', environment: 'dev', release: 'previous', reason: 'live run' })
      ends((await carry(back)).outputs, 'succeeded')
      const resume = await planned({ operation: 'resume', environment: 'dev' })
      return ends((await carry(resume)).outputs, 'succeeded')
    },
    report: async () => {
      const { account, region } = place
      const given = { environment: 'dev', 'aws-account-id': account, 'aws-region': region, 'fail-on': 'error' }
      const { outputs } = await run('budget-report', runs, given)
      return `status ${outputs['status']}`
    },
    destroy: async () => {
      await destroy(place, configuration, stacks, print)
      return 'nothing is left that costs'
    },
  }
}
