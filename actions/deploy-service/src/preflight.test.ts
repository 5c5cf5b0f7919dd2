import { expect, test } from 'vitest'
import { unfitness, warnOfLostImages } from './preflight.ts'
import type { Registry } from './registry.ts'
import type { Inspected } from './request.ts'
import type { TargetTools } from './target.ts'

const amd64 = { os: 'linux', architecture: 'amd64' }
const arm64 = { os: 'linux', architecture: 'arm64', variant: 'v8' }
const image = 'application/vnd.oci.image.config.v1+json'

test.each([
  ['the platform of the service', [amd64], image, amd64, undefined],
  ['one of several platforms', [amd64, arm64], undefined, { os: 'linux', architecture: 'arm64' }, undefined],
  ['another processor', [arm64], image, amd64, 'it is built for linux/arm64/v8, the service needs linux/amd64'],
  ['another system', [amd64], image, { os: 'windows', architecture: 'amd64' }, 'the service needs windows/amd64'],
  ['platforms that are not known', undefined, image, amd64, undefined],
  ['a service that does not say', [arm64], image, undefined, undefined],
  [
    'a chart instead of an image',
    undefined,
    'application/vnd.cncf.helm.config.v1+json',
    amd64,
    'so it is an artifact and no container image',
  ],
] as const)('%s', (_, platforms, type, needed, says) => {
  const reason = unfitness(platforms, type, needed)
  if (says === undefined) expect(reason).toBeUndefined()
  else expect(reason).toContain(says)
})

const here = `111111111111.dkr.ecr.eu-west-1.amazonaws.com/app@sha256:${'a'.repeat(64)}`
const inspected = (settled: boolean, count: number) =>
  [{ running: { settled, count, images: { app: here } }, expected: { app: 'sha256:b' } }] as unknown as Inspected[]
const registry = (images: string[]): Registry => ({
  find: async (asked) => new Map(asked.filter((one) => images.includes(one)).map((one) => [one, { digest: 'd' }])),
  platforms: async () => undefined,
  tag: async () => undefined,
})
const warnings: string[] = []
const tools = { log: { warning: (message: string) => warnings.push(message) } } as unknown as TargetTools

test('a rollback image that is gone is warned of, where a rollback may be needed', async () => {
  expect(await warnOfLostImages(inspected(false, 2), registry([]), tools)).toEqual([
    'No way back: aaaaaaaaaaaa is no longer in its registry.',
  ])
  expect(warnings).toEqual([`the image that runs now, ${here}, is no longer in its registry: a rollback would fail`])
  expect(await warnOfLostImages(inspected(false, 2), registry([here]), tools)).toEqual([])
  expect(await warnOfLostImages(inspected(true, 2), registry([]), tools)).toEqual([])
  expect(await warnOfLostImages(inspected(false, 0), registry([]), tools)).toEqual([])
})
