import { VARIANTS } from '../../infra/variants.case.ts'
import { removeStack } from '../../scripts/account/deploy.ts'
import { type SynthesisedStack, synthesise } from '../../scripts/account/synthesis.ts'
import { startMiniStack } from '../identity/ministack.ts'
import { miniStackTemplates, nothingTried, type Tried } from './ministack-templates.ts'

/** MiniStack has the one partition only. */
const variants = Object.entries(VARIANTS).filter(([name]) => name !== 'another partition')

/**
 * Deploys all stacks of every variant, and deletes them again in the opposite order. `trouble` is what could be deleted though it
 * is protected, and what was left.
 */
export const tryTemplates = async (say: (line: string) => void): Promise<{ tried: Tried; trouble: string[] }> => {
  const tried = nothingTried()
  const trouble: string[] = []
  for (const [name, configuration] of variants) {
    say(name)
    const stacks = inWaves(synthesise(configuration()))
    const miniStack = await startMiniStack()
    try {
      const { deploy, client } = miniStackTemplates(miniStack.url, tried)
      for (const stack of stacks) await deploy(stack)
      for (const stack of stacks.toReversed()) {
        const cloudFormation = client(stack)
        const protection = { StackName: stack.name, EnableTerminationProtection: stack.terminationProtection }
        const isThere = await cloudFormation.updateTerminationProtection(protection).then(
          () => true,
          () => false,
        )
        if (!isThere) continue
        if (stack.terminationProtection) {
          const refused = await cloudFormation.deleteStack({ StackName: stack.name }).then(
            () => false,
            () => true,
          )
          if (!refused) trouble.push(`${name}: ${stack.name} is protected and was deleted`)
        }
        await removeStack(cloudFormation, stack.name, { isApplied: true, print: () => undefined, poll: 50 })
      }
      for (const stack of stacks) {
        const { StackSummaries = [] } = await client(stack).listStacks({})
        const left = StackSummaries.filter(
          ({ StackStatus, StackName }) => StackStatus !== 'DELETE_COMPLETE' && StackName === stack.name,
        )
        if (left.length > 0) trouble.push(`${name}: ${stack.name} is left`)
      }
    } finally {
      await miniStack.close()
    }
  }
  return { tried, trouble }
}

/** Whoever publishes a parameter before whoever looks it up, as the pipeline goes. */
const inWaves = (stacks: SynthesisedStack[]): SynthesisedStack[] => {
  const looksUp = ({ template }: SynthesisedStack): string[] => {
    const { Parameters = {} }: { Parameters?: Record<string, { Default?: string }> } = JSON.parse(template)
    return Object.values(Parameters).flatMap(({ Default }) => Default ?? [])
  }
  const publishes = ({ account, resources }: SynthesisedStack): string[] =>
    Object.values(resources)
      .filter(({ Type }) => Type === 'AWS::SSM::Parameter')
      .map(({ Properties }) => `${account} ${Properties?.['Name']}`)
  const ordered: SynthesisedStack[] = []
  let left = stacks
  while (left.length > 0) {
    const open = new Set(left.flatMap(publishes))
    const ready = left.filter((stack) => !looksUp(stack).some((name) => open.has(`${stack.account} ${name}`)))
    if (ready.length === 0) throw new Error(`these wait for each other: ${left.map(({ name }) => name).join(', ')}`)
    ordered.push(...ready)
    left = left.filter((stack) => !ready.includes(stack))
  }
  return ordered
}
