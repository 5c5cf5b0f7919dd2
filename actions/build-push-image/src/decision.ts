import type { RegistryImage } from './ports.ts'

/** What is to be done about one source tree. */
export type Decision =
  | { do: 'nothing'; image: RegistryImage }
  | { do: 'tag'; image: RegistryImage; tag: string; movedFrom: string | undefined }
  /** `movedFrom` is the digest that bears the further tag now. */
  | { do: 'build'; tag: string | undefined; movedFrom: string | undefined }

/** `found` holds what the registry has, by tag. */
export const decide = (contentTag: string, tag: string | undefined, found: ReadonlyMap<string, RegistryImage>): Decision => {
  const image = found.get(contentTag)
  const movedFrom = tag === undefined ? undefined : found.get(tag)?.digest
  if (image === undefined) return { do: 'build', tag, movedFrom }
  if (tag === undefined || movedFrom === image.digest) return { do: 'nothing', image }
  return { do: 'tag', image, tag, movedFrom }
}

type Mutability = { imageTagMutability?: string | undefined; filters: string[] }

/** Whether this tag, once set, stays where it is. A filter is a name with `*` for any run of characters. */
export const isFixed = (tag: string, { imageTagMutability = 'MUTABLE', filters }: Mutability): boolean => {
  const excluded = filters.some((filter) => wildcard(filter).test(tag))
  return imageTagMutability.startsWith('IMMUTABLE') ? !excluded : imageTagMutability === 'MUTABLE_WITH_EXCLUSION' && excluded
}

const wildcard = (filter: string): RegExp =>
  new RegExp(
    `^${filter
      .split('*')
      .map((part) => part.replaceAll(/[.\\+?^${}()|[\]]/g, '\\$&'))
      .join('.*')}$`,
  )
