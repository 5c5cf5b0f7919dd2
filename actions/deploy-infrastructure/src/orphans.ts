import { COST_TAG, isPipelineStack } from '../../../lib/delivery/names.ts'
import { type Job, stackPrefix } from './place.ts'
import type { Stacks } from './ports.ts'

/** A stack of the environment that `delivery.json` no longer asks for. Nothing here deletes it. */
export type Orphan = {
  name: string
  command: string
  /** It was never made: a change set was, and nobody executed it. */
  isEmpty: boolean
}

/** Stacks that this action once made for the environment and that the assembly does not have any more. */
export const orphans = async (stacksIn: (region: string) => Stacks, job: Job, known: readonly string[]): Promise<Orphan[]> =>
  (await Promise.all(job.regions.map((region) => orphansIn(region, stacksIn(region), job, known)))).flat()

const orphansIn = async (region: string, stacks: Stacks, job: Job, known: readonly string[]): Promise<Orphan[]> => {
  const { project, environment } = job
  const names = (await stacks.list(stackPrefix(job))).filter(
    (name) => isPipelineStack(project, environment, name) && !known.includes(name),
  )
  const found = await Promise.all(names.map((name) => stacks.describe(name)))
  return found.flatMap((stack) => {
    if (stack === undefined) return []
    // Until its first change set is executed a stack has neither the tags nor the role of it.
    const isEmpty = stack.status === 'REVIEW_IN_PROGRESS'
    if (!isEmpty && (stack.tags[COST_TAG] !== environment || stack.role !== job.role)) return []
    const unprotect = stack.protected
      ? `aws cloudformation update-termination-protection --no-enable-termination-protection --region ${region} --stack-name ${stack.name} && `
      : ''
    return [
      {
        name: stack.name,
        isEmpty,
        command: `${unprotect}aws cloudformation delete-stack --region ${region} --stack-name ${stack.name}`,
      },
    ]
  })
}
