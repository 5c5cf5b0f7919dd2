import { describe, expect, it } from 'vitest'
import { decide, isFixed } from './decision.ts'
import type { RegistryImage } from './ports.ts'

const A: RegistryImage = { digest: 'sha256:a', mediaType: 'm', manifest: '{}' }
const B: RegistryImage = { digest: 'sha256:b', mediaType: 'm', manifest: '{}' }

describe('decision', () => {
  it.each<[string, string | undefined, Record<string, RegistryImage>, ReturnType<typeof decide>]>([
    ['nothing is there', undefined, {}, { do: 'build', tag: undefined, movedFrom: undefined }],
    ['nothing is there, a tag is wanted', 'dev', {}, { do: 'build', tag: 'dev', movedFrom: undefined }],
    ['only the further tag is there', 'dev', { dev: B }, { do: 'build', tag: 'dev', movedFrom: 'sha256:b' }],
    ['the tree is there', undefined, { 'src-1': A }, { do: 'nothing', image: A }],
    ['both are on one image', 'dev', { 'src-1': A, dev: A }, { do: 'nothing', image: A }],
    ['the further tag is missing', 'dev', { 'src-1': A }, { do: 'tag', image: A, tag: 'dev', movedFrom: undefined }],
    ['the further tag is elsewhere', 'dev', { 'src-1': A, dev: B }, { do: 'tag', image: A, tag: 'dev', movedFrom: 'sha256:b' }],
  ])('when %s', (_, tag, found, expected) => {
    expect(decide('src-1', tag, new Map(Object.entries(found)))).toEqual(expected)
  })
})

describe('whether a tag is fixed', () => {
  it.each<[string, string | undefined, string[], boolean]>([
    ['v1', undefined, [], false],
    ['v1', 'MUTABLE', [], false],
    ['v1', 'IMMUTABLE', [], true],
    ['dev', 'IMMUTABLE_WITH_EXCLUSION', ['dev', 'latest'], false],
    ['dev-1', 'IMMUTABLE_WITH_EXCLUSION', ['dev'], true],
    ['dev-1', 'IMMUTABLE_WITH_EXCLUSION', ['dev*'], false],
    ['v1.2', 'MUTABLE_WITH_EXCLUSION', ['v*.*'], true],
    ['v1x2', 'MUTABLE_WITH_EXCLUSION', ['v*.*'], false],
  ])('%s in a repository that is %s except %j: %s', (tag, imageTagMutability, filters, expected) => {
    expect(isFixed(tag, { imageTagMutability, filters })).toBe(expected)
  })
})
