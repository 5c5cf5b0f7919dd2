import { describe, expect, it } from 'vitest'
import { example } from './configuration.case.ts'
import type { Service } from './configuration.ts'
import { fargateRemedy } from './fargate.ts'
import { ec2Place, ecsPlace, imagesInUse, lambdaPlace, serviceIn } from './services.ts'

describe('a service in an environment', () => {
  it('replaces what differs, and merges variables and names key by key', () => {
    const service: Service = {
      image: 'app',
      target: 'ecs',
      count: 2,
      variables: { A: '1', B: '1' },
      names: { cluster: 'main' },
      in: { prod: { count: 4, variables: { B: '2' }, names: { service: 'old' } } },
    }
    expect(serviceIn(service, 'prod')).toMatchObject({
      count: 4,
      variables: { A: '1', B: '2' },
      names: { cluster: 'main', service: 'old' },
    })
    expect(serviceIn(service, 'dev')).toBe(service)
  })

  it('is found by its derived names, or by those that exist already', () => {
    expect(ecsPlace('shop', 'dev', 'api', { image: 'app', target: 'ecs' })).toEqual({
      cluster: 'shop-dev',
      service: 'api',
      container: 'api',
    })
    expect(ecsPlace('shop', 'dev', 'api', { image: 'app', target: 'ecs', names: { cluster: 'c', container: 'web' } })).toEqual({
      cluster: 'c',
      service: 'api',
      container: 'web',
    })
    expect(lambdaPlace('shop', 'dev', 'jobs', { image: 'app', target: 'lambda' })).toEqual({
      functions: [{ name: 'shop-dev-jobs' }],
      alias: 'live',
    })
    expect(
      lambdaPlace('shop', 'dev', 'jobs', { image: 'app', target: 'lambda', functions: { a: { command: ['x'] }, jobs: {} } }),
    ).toEqual({
      functions: [{ name: 'shop-dev-jobs-a', command: ['x'] }, { name: 'shop-dev-jobs' }],
      alias: 'live',
    })
    expect(lambdaPlace('shop', 'dev', 'jobs', { image: 'app', target: 'lambda', names: { function: 'f', alias: 'l' } })).toEqual({
      functions: [{ name: 'f' }],
      alias: 'l',
    })
    expect(ec2Place('shop', 'dev', 'edge', { image: 'app', target: 'ec2' })).toEqual({
      tag: { key: 'slipway:service', value: 'shop-dev-edge' },
      document: 'shop-dev-deploy',
      service: 'edge',
    })
  })

  it('names each image in use once', () => {
    expect(imagesInUse(example())).toEqual(['app'])
  })
})

describe('a size of Fargate', () => {
  it.each([
    [256, 512, undefined],
    [256, 1536, 'with cpu 256 memory must be one of 512, 1024, 2048'],
    [512, 4096, undefined],
    [512, 5120, 'with cpu 512 memory must be 1024 to 4096 in steps of 1024'],
    [8192, 20480, undefined],
    [8192, 18432, 'with cpu 8192 memory must be 16384 to 61440 in steps of 4096'],
    [1000, 2048, 'cpu must be one of 256, 512, 1024, 2048, 4096, 8192, 16384'],
  ])('of %i and %i: %s', (cpu, memory, remedy) => {
    expect(fargateRemedy(cpu, memory)).toBe(remedy)
  })
})
