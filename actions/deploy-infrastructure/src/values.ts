import type { ChangeSet } from './ports.ts'
import type { WantedStack } from './stack.ts'

/** Values of Parameter Store by name. */
export type Values = ReadonlyMap<string, string>

/** What the template parameters stand for that are looked up and are no image. What is not there yet is absent. */
export const lookedUp = ({ lookups }: Pick<WantedStack, 'lookups'>, values: Values, isImage: (name: string) => boolean) =>
  Object.fromEntries(
    Object.entries(lookups).flatMap(([key, name]) => {
      const value = values.get(name)
      return value === undefined || isImage(name) ? [] : [[key, value]]
    }),
  )

/** Names that a stack looks up and that nobody has written yet. */
export const missingIn = ({ lookups }: Pick<WantedStack, 'lookups'>, values: Values): string[] =>
  Object.values(lookups).filter((name) => !values.has(name))

/** Template parameters that stand for an image. */
export const imagesIn = ({ lookups }: Pick<WantedStack, 'lookups'>, isImage: (name: string) => boolean): string[] =>
  Object.keys(lookups).filter((key) => isImage(lookups[key] ?? ''))

/**
 * Images that a change set would bring and that are not those which are recorded, in words. Whoever holds the lease decides what
 * is recorded, so this is not to happen; an image that differs is never brought.
 */
export const unrecorded = (
  { parameters }: Pick<ChangeSet, 'parameters'>,
  values: Values,
  isImage: (name: string) => boolean,
): string[] =>
  Object.values(parameters).flatMap(({ value: name, resolved }) =>
    !isImage(name) || resolved === undefined || resolved === values.get(name)
      ? []
      : [`${name} is ${values.get(name)}, and the change set would bring ${resolved}`],
  )
