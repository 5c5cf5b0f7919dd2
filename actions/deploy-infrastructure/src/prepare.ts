import { DELIVERED, type Template } from '../../../lib/infrastructure/template.ts'
import { Refusal } from '../../../lib/refusal.ts'
import type { Assembly } from './assembly.ts'
import { sayCapacityInUse } from './capacity.ts'
import { type Change, causedBy } from './change.ts'
import { makeChangeSet, type Tools } from './change-set.ts'
import { isCurrent } from './compare-sync.ts'
import { withFollowing } from './follow.ts'
import { givenTo } from './given.ts'
import { changeSetName, type RunId } from './names.ts'
import { type Orphan, orphans } from './orphans.ts'
import { type Job, serviceOf } from './place.ts'
import type { Stacks } from './ports.ts'
import { previewOf } from './preview.ts'
import { type Standing, type StandingStack, standingOf, type WantedStack } from './stack.ts'
import { isUnchanged } from './unchanged.ts'
import { imagesIn, lookedUp, missingIn, type Values } from './values.ts'
import { wavesOf } from './waves.ts'

export type Preparation = {
  job: Job
  assembly: Assembly
  stacksIn(region: string): Stacks
  /** Of every parameter that the stacks look up; what is not there is absent. */
  values: Values
  /** Services of the release that is recorded. */
  delivered: readonly string[]
  run: RunId
  tools: Tools
  dryRun: boolean
}

export type PreparedStack = {
  wanted: WantedStack
  /** `left-out`: no image is recorded for its service yet. */
  kind: 'create' | 'recreate' | 'update' | 'unchanged' | 'left-out'
  changes: readonly Change[]
  /** Ids of what changes because another image is recorded, and for nothing else. */
  byImage: ReadonlySet<string>
  /** Stacks that may change before what this one looks up. */
  follows?: readonly string[]
  /** CloudFormation is told of the recorded image first, with the template that it has. */
  syncs: boolean
  /** Why the changes are those of the templates and not of a change set. */
  previewed?: string
  changeSet?: string
  /** What the parameters stand for that are looked up, without images and without what an earlier stack may change. */
  parameters: Record<string, string>
  isDelivered: boolean
  standing?: StandingStack
  before?: Template
}

export type Prepared = { stacks: PreparedStack[]; orphans: Orphan[] }

/** Says what would change. Makes change sets, and executes none. */
export const prepare = async (preparation: Preparation): Promise<Prepared> => {
  const { assembly, stacksIn, job } = preparation
  const wanted = wavesOf(assembly.stacks).flat()
  const [standing, orphaned] = await Promise.all([
    Promise.all(wanted.map(async ({ name, region }) => standingOf(await stacksIn(region).describe(name)))),
    orphans(stacksIn, job, assembly.known),
  ])
  const troubles = [
    ...standing.flatMap(sayTrouble),
    ...wanted.flatMap((stack, index) => (standing[index]?.is === 'there' ? sayImageGone(stack, preparation) : [])),
  ]
  if (troubles.length > 0) throw new Refusal(troubles.join('\n'))
  const stacks = await Promise.all(
    wanted.map((stack, index) => prepareOne(preparation, stack, standing[index] ?? { is: 'missing' })),
  )
  const inUse = sayCapacityInUse(stacks, job.environment)
  if (inUse.length > 0) throw new Refusal(inUse.join('\n'))
  return { stacks: withFollowing(stacks), orphans: orphaned }
}

const sayTrouble = (standing: Standing): string[] => {
  if (standing.is === 'busy')
    return [`${standing.stack.name} is ${standing.stack.status}: wait until that has ended, and run this again`]
  return standing.is === 'stuck' ? [`${standing.stack.name} is ${standing.stack.status}: ${standing.remedy}`] : []
}

/** A stack that stands has had an image. */
const sayImageGone = (wanted: WantedStack, { values, job }: Preparation): string[] => {
  const gone = missingIn(wanted, values).filter(job.isImage)
  return gone.length === 0
    ? []
    : [
        `${wanted.name} exists, and no image is recorded in ${gone.join(', ')} any more; deliver once (deliver.yml), which records one`,
      ]
}

const prepareOne = async (preparation: Preparation, wanted: WantedStack, standing: Standing): Promise<PreparedStack> => {
  const { stacksIn, job, values, delivered, dryRun } = preparation
  const stacks = stacksIn(wanted.region)
  const there = standing.is === 'there' ? standing.stack : undefined
  const parameters = lookedUp(wanted, values, job.isImage)
  const given = givenTo(wanted, there, delivered.includes(serviceOf(job, wanted.name) ?? ''))
  const missing = missingIn(wanted, values)
  const text = there && (await stacks.template(wanted.name))
  const before = text === undefined ? undefined : parseTemplate(text)
  const base = {
    wanted,
    changes: [],
    byImage: new Set<string>(),
    parameters,
    isDelivered: given[DELIVERED] === 'yes',
    syncs: there !== undefined && !isCurrent(there, values, job.isImage),
    ...(there && { standing: there }),
    ...(before && { before }),
  }
  if (missing.some(job.isImage)) return { ...base, kind: 'left-out', previewed: missing.filter(job.isImage).join(', ') }
  if (there && text !== undefined && isUnchanged(wanted, { standing: there, template: text }, { given, lookedUp: parameters }))
    return { ...base, kind: 'unchanged' }
  const unseen = whyUnseen(standing, missing, dryRun)
  if (unseen !== undefined) {
    const kind = standing.is === 'failed-creation' ? 'recreate' : there ? 'update' : 'create'
    return { ...base, kind, previewed: unseen, changes: previewOf(before, wanted.template) }
  }
  return shown(preparation, base, given)
}

const whyUnseen = (standing: Standing, missing: readonly string[], dryRun: boolean): string | undefined => {
  if (standing.is === 'failed-creation') return 'its creation has failed, and what is left of it is deleted first'
  if (missing.length > 0) return `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not there yet`
  return dryRun ? 'a dry run makes no change set' : undefined
}

/** As CloudFormation sees it. */
const shown = async (
  { stacksIn, job, run, tools }: Preparation,
  base: Omit<PreparedStack, 'kind'>,
  parameters: Record<string, string>,
): Promise<PreparedStack> => {
  const { wanted, standing } = base
  const kind = standing === undefined ? 'create' : 'update'
  const { name, body, role, tags, fingerprint } = wanted
  const changeSet = await makeChangeSet(
    stacksIn(wanted.region),
    {
      stack: name,
      kind: kind === 'create' ? 'CREATE' : 'UPDATE',
      name: changeSetName('prepare', run, fingerprint),
      body,
      parameters,
      role,
      tags,
    },
    tools,
  )
  const isSame = changeSet.state === 'empty' && standing?.protected === wanted.protect
  return {
    ...base,
    kind: isSame ? 'unchanged' : kind,
    changes: changeSet.changes,
    byImage: kind === 'create' ? new Set() : followers(changeSet.changes, base, imagesIn(wanted, job.isImage)),
    ...(changeSet.state === 'ready' && { changeSet: changeSet.arn }),
  }
}

/** What CloudFormation has not evaluated it may take for the image's: the templates must say the same of it. */
const followers = (
  changes: readonly Change[],
  { before, wanted }: Pick<PreparedStack, 'before' | 'wanted'>,
  images: readonly string[],
): Set<string> => {
  const isSame = (id: string): boolean => JSON.stringify(before?.Resources[id]) === JSON.stringify(wanted.template.Resources[id])
  return new Set([...causedBy(changes, images)].filter(isSame))
}

/** A template that somebody wrote by hand in YAML is not read: everything counts as new then. */
const parseTemplate = (text: string): Template => {
  try {
    return JSON.parse(text)
  } catch {
    return { Resources: {} }
  }
}
