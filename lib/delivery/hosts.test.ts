import { describe, expect, it } from 'vitest'
import { example } from './configuration.case.ts'
import type { Configuration } from './configuration.ts'
import { architectureOf, checkHosts, type Ec2Service, hostSize, publicName } from './hosts.ts'

const withEdge = (edge: Partial<Ec2Service>, more: (all: Configuration) => void = () => {}): Configuration => {
  const all = example()
  Object.assign(all.services['edge'] ?? {}, edge)
  more(all)
  return all
}

const found = (...given: Parameters<typeof withEdge>): string[] =>
  checkHosts(withEdge(...given)).map(({ path, message }) => `${path.join('.')} ${message}`)

it.each([
  ['t3.small', 'x86_64'],
  ['g5.xlarge', 'x86_64'],
  ['m7i-flex.large', 'x86_64'],
  ['t4g.small', 'arm64'],
  ['c7gn.large', 'arm64'],
  ['g5g.xlarge', 'arm64'],
  ['a1.medium', 'arm64'],
  ['i4g.large', 'arm64'],
  ['im4gn.large', 'arm64'],
])('%s has a processor of %s', (type, architecture) => expect(architectureOf(type)).toBe(architecture))

it('takes hosts that run what the image is built for', () => {
  const edge: Ec2Service = { image: 'app', target: 'ec2' }
  expect(hostSize(example(), edge)).toEqual({ instanceType: 't3.small', volume: 20, count: 1 })
  const arm = withEdge({}, ({ images }) => Object.assign(images['app'] ?? {}, { platforms: ['linux/arm64'] }))
  expect(hostSize(arm, edge).instanceType).toBe('t4g.small')
  expect(found({ instanceType: 't4g.small' })).toEqual([
    'services.edge.instanceType makes hosts of t4g.small, which run linux/arm64, and image "app" is built for linux/amd64; choose another type, or add the platform to the image',
  ])
})

it.each([
  [undefined, undefined, undefined],
  ['example.org', undefined, 'edge.example.org'],
  ['example.org', 'www', 'www.example.org'],
  ['example.org', '@', 'example.org'],
])('in the domain %s with host %s it is reached as %s', (domain, host, name) => {
  const place = { branch: 'b', account: '1', region: 'eu-west-1', ...(domain !== undefined && { domain }) }
  expect(publicName('edge', { image: 'app', target: 'ec2', ...(host !== undefined && { host }) }, place)).toBe(name)
})

describe('is refused', () => {
  it('where an address would belong to several hosts', () => {
    expect(found({ in: { prod: { count: 2 } } })).toEqual([
      expect.stringMatching(/^services\.edge\.in\.prod\.count must be 1 or 0, got 2: a published service has one address/),
    ])
    expect(found({ count: 2, published: false })).toEqual([])
  })

  it('where two services would be reached by one name', () => {
    expect(found({ host: 'api' })).toEqual([
      "services.edge.host would be reached as api.example.org, and so would api; give one of them another 'host'",
    ])
  })

  it('where there is no port to publish, or a variable of two lines', () => {
    const all = withEdge({ published: true, variables: { KEY: 'a\nb' } }, ({ services }) => {
      const { edge } = services
      if (edge !== undefined) Reflect.deleteProperty(edge, 'port')
    })
    expect(checkHosts(all).map(({ path }) => path.join('.'))).toEqual(['services.edge.published', 'services.edge.variables.KEY'])
  })
})
