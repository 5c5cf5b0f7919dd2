import { describe, expect, it } from 'vitest'
import { parseManifest, platformDigests } from './manifest.ts'

const digest = (digit: string): string => `sha256:${digit.repeat(64)}`
const part = (digit: string) => ({ mediaType: `type-${digit}`, digest: digest(digit), size: Number(digit) })

describe('reading a manifest', () => {
  it('knows an image', () => {
    const text = JSON.stringify({ schemaVersion: 2, config: part('1'), layers: [part('2'), { ...part('3'), annotations: {} }] })
    expect(parseManifest(text)).toEqual({ kind: 'image', config: part('1'), layers: [part('2'), part('3')] })
  })

  it('knows an index, and the images in it', () => {
    const manifests = [
      { ...part('1'), platform: { os: 'linux', architecture: 'amd64' } },
      { ...part('2'), platform: { os: 'linux', architecture: 'arm64', variant: 'v8', 'os.version': 'x' } },
      { ...part('3'), platform: { os: 'unknown', architecture: 'unknown' } },
    ]
    const parsed = parseManifest(JSON.stringify({ schemaVersion: 2, manifests }))
    expect(parsed.kind === 'index' && platformDigests(parsed.manifests)).toEqual({
      'linux/amd64': digest('1'),
      'linux/arm64/v8': digest('2'),
    })
  })

  it.each([
    ['no JSON', 'x', /JSON/],
    ['a list', '[]', /this is no manifest/],
    ['nothing', 'null', /this is no manifest/],
    ['schema 1', '{"schemaVersion":1,"fsLayers":[]}', /neither an image manifest nor an index/],
    [
      'a layer without a size',
      `{"config":${JSON.stringify(part('1'))},"layers":[{"digest":"${digest('2')}"}]}`,
      /needs media type, SHA-256 digest and size/,
    ],
    [
      'a digest that is a path',
      '{"manifests":[{"mediaType":"m","digest":"sha256:../../etc/passwd","size":1}]}',
      /needs media type, SHA-256 digest/,
    ],
    [
      'a platform that is text',
      `{"manifests":[{"mediaType":"m","digest":"${digest('1')}","size":1,"platform":"linux"}]}`,
      /this is no platform/,
    ],
  ])('refuses %s', (_, text, message) => {
    expect(() => parseManifest(text)).toThrow(message)
  })
})
