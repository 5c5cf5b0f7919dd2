import { Refusal } from '../../../../../lib/refusal.ts'
import type { Wanted } from '../../target.ts'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

export type ContainerDefinition = {
  name: string
  image: string
  essential?: boolean
  logConfiguration?: { logDriver: string; options?: Record<string, string> }
}

/** A task definition as on the wire: what is named here is read, everything else is carried along untouched. */
export type TaskDefinition = {
  family: string
  taskDefinitionArn?: string
  containerDefinitions: ContainerDefinition[]
  [field: string]: unknown
}

/** What DescribeTaskDefinition adds and RegisterTaskDefinition does not take (API reference of both). */
const OUTPUT_ONLY = [
  'compatibilities',
  'deleteRequestedAt',
  'deregisteredAt',
  'registeredAt',
  'registeredBy',
  'requiresAttributes',
  'revision',
  'status',
  'taskDefinitionArn',
]

/** The same task definition with other images, ready to be registered. Nothing else changes. */
export const withImages = (definition: TaskDefinition, images: Record<string, string>): TaskDefinition => ({
  ...registrable(definition),
  containerDefinitions: definition.containerDefinitions.map((container) => ({
    ...container,
    image: images[container.name] ?? container.image,
  })),
})

const registrable = (definition: TaskDefinition): TaskDefinition => {
  const kept = Object.entries(definition).filter(([field]) => !OUTPUT_ONLY.includes(field))
  return Object.fromEntries(kept) as TaskDefinition
}

/** Whether registering `wanted` would make a revision equal to `existing`; the order of keys does not count. */
export const sameDefinition = (wanted: TaskDefinition, existing: TaskDefinition): boolean =>
  canonical(registrable(wanted) as Json) === canonical(registrable(existing) as Json)

const canonical = (value: Json | undefined): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  const fields = Object.keys(value).toSorted()
  return `{${fields.map((field) => `${JSON.stringify(field)}:${canonical(value[field])}`).join(',')}}`
}

/** Container to image reference. A wanted image without a container goes to the only one that can be meant. */
export const assignImages = (definition: TaskDefinition, wanted: readonly Wanted[]): Record<string, string> => {
  const names = definition.containerDefinitions.map((container) => container.name)
  return Object.fromEntries(
    wanted.map(({ container, image }) => {
      const name = container ?? onlyContainer(definition)
      if (!names.includes(name)) {
        throw new Refusal(
          `the task definition ${definition.family} has no container '${name}', its containers are ${names.join(', ')}; nothing was changed`,
        )
      }
      return [name, image]
    }),
  )
}

/** Container to digest: several containers may be given one image, and each of them is to run it. */
export const expectedDigests = (definition: TaskDefinition, wanted: readonly Wanted[]): Record<string, string> =>
  Object.fromEntries(
    wanted.flatMap((each) => Object.keys(assignImages(definition, [each])).map((container) => [container, each.digest])),
  )

/** The container that is meant when none is named: the only one, or the only essential one. */
const onlyContainer = (definition: TaskDefinition): string => {
  const all = definition.containerDefinitions
  const essential = all.filter((container) => container.essential !== false)
  const only = all.length === 1 ? all[0] : essential.length === 1 ? essential[0] : undefined
  if (only) return only.name
  const names = all.map((container) => container.name).join(', ')
  throw new Refusal(
    `the task definition ${definition.family} has several essential containers (${names}): say which one gets the image with 'container', or give 'images'; nothing was changed`,
  )
}

export const imagesOf = (definition: TaskDefinition): Record<string, string> =>
  Object.fromEntries(definition.containerDefinitions.map((container) => [container.name, container.image]))

/** `arn:aws:ecs:REGION:ACCOUNT:task-definition/FAMILY:7` → `FAMILY` */
export const familyOf = (revision: string): string => revision.replace(/^.*task-definition\//, '').replace(/:\d+$/, '')
