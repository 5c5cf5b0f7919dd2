import { describe, expect, it } from 'vitest'
import { contentTag, type GitObjects, type ImageDeclaration, objectPaths } from './tag.ts'

const TREE = 'a'.repeat(40)
const objects: GitObjects = new Map([
  ['', { id: 'e'.repeat(40), type: 'tree' }],
  ['app', { id: TREE, type: 'tree' }],
  ['app/Dockerfile', { id: 'b'.repeat(40), type: 'blob' }],
  ['app/other.Dockerfile', { id: 'b'.repeat(40), type: 'blob' }],
  ['Dockerfile', { id: 'f'.repeat(40), type: 'blob' }],
  ['lib', { id: 'c'.repeat(40), type: 'tree' }],
  ['lock.json', { id: 'd'.repeat(40), type: 'blob' }],
])
const tag = (image: ImageDeclaration): string => contentTag(image, objects)

describe('content tag', () => {
  it.each<[string, ImageDeclaration]>([
    ['a folder', { context: 'app' }],
    ['the folder, written differently', { context: './app/' }],
    ['the default Dockerfile, named', { context: 'app', dockerfile: 'app/Dockerfile' }],
    ['the default platform, named', { context: 'app', platforms: ['linux/amd64'] }],
    ['empty lists', { context: 'app', args: {}, inputs: [] }],
  ])('is the tree id for %s', (_, image) => {
    expect(tag(image)).toBe(`src-${TREE}`)
  })

  it.each<[string, ImageDeclaration]>([
    ['another Dockerfile', { context: 'app', dockerfile: 'app/other.Dockerfile' }],
    ['a stage', { context: 'app', target: 'release' }],
    ['another platform', { context: 'app', platforms: ['linux/arm64'] }],
    ['two platforms', { context: 'app', platforms: ['linux/amd64', 'linux/arm64'] }],
    ['an argument', { context: 'app', args: { MODE: 'x' } }],
    ['an input', { context: 'app', inputs: ['lib'] }],
  ])('is a hash of the declaration with %s', (_, image) => {
    expect(tag(image)).toMatch(/^src-[0-9a-f]{64}$/)
  })

  it.each<[string, ImageDeclaration, ImageDeclaration]>([
    [
      'platforms',
      { context: 'app', platforms: ['linux/arm64', 'linux/amd64'] },
      { context: 'app', platforms: ['linux/amd64', 'linux/arm64'] },
    ],
    ['arguments', { context: 'app', args: { B: '2', A: '1' } }, { context: 'app', args: { A: '1', B: '2' } }],
    ['inputs', { context: 'app', inputs: ['lock.json', 'lib'] }, { context: 'app', inputs: ['lib', './lock.json', 'lib/'] }],
  ])('does not depend on the order of %s', (_, one, other) => {
    expect(tag(one)).toBe(tag(other))
  })

  it('differs with every part of the declaration', () => {
    const tags = [
      { context: 'app', target: 'a' },
      { context: 'app', target: 'b' },
      { context: 'app', args: { A: '1' } },
      { context: 'app', args: { A: '2' } },
      { context: 'app', inputs: ['lib'] },
      { context: 'app', inputs: ['lock.json'] },
      { context: 'app', platforms: ['linux/arm64'] },
      { context: '.', target: 'a' },
      { context: 'app', dockerfile: 'Dockerfile' },
    ].map(tag)
    expect(new Set(tags).size).toBe(tags.length)
  })

  it('keeps its value: images in registries carry it', () => {
    expect(tag({ context: 'app', target: 'release', args: { A: '1' }, inputs: ['lib'] })).toMatchInlineSnapshot(
      `"src-7ff5836f3b3bffc23a9896c4a66202dcfcc3039b7f19cf51804f7819cec18d6a"`,
    )
  })

  it.each(['', '/app', '../app', 'app/../..', 'a\nb', 'a\\b'])('refuses the path %j', (context) => {
    expect(() => tag({ context })).toThrow(/a path must be given from the root of the repository/)
  })
})

it('asks for the ignore file beside the Dockerfile too', () => {
  expect(objectPaths({ context: '.', inputs: ['lib/'] })).toEqual(['', 'Dockerfile', 'Dockerfile.dockerignore', 'lib'])
})
