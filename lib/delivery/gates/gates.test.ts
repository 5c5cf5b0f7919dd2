import { expect, it } from 'vitest'
import { account } from './account.ts'
import { digestExists } from './digest-exists.ts'
import { recordSize } from './record-size.ts'

const branches = { entry: 'dev', upstream: 'dev', own: 'staging', isLast: false }
const digest = `sha256:${'a'.repeat(64)}`

it('account passes where AWS confirmed every account, and says which', () => {
  expect(
    account([
      { place: 'registry', account: '111111111111' },
      { place: 'dev', account: '222222222222' },
    ]),
  ).toEqual({
    gate: 'account',
    result: 'pass',
    reason: 'AWS confirmed the accounts: registry is 111111111111, dev is 222222222222',
    evidence: { registry: '111111111111', dev: '222222222222' },
  })
})

it('account fails with the words of the account that is wrong', () => {
  const checks = [
    { place: 'registry', account: '111111111111' },
    { place: 'dev', account: '222222222222', refusal: 'wrong account: …' },
  ]
  expect(account(checks)).toMatchObject({ result: 'fail', reason: 'dev: wrong account: …' })
})

it('digest-exists passes where every image was found', () => {
  expect(digestExists([{ name: 'app', tag: 'src-1', digest }], branches)).toMatchObject({
    result: 'pass',
    evidence: { 'app:src-1': digest },
  })
})

it('digest-exists fails with the images that are missing and the way to bring the tree back', () => {
  const gate = digestExists(
    [
      { name: 'app', tag: 'src-1', digest },
      { name: 'web', tag: 'src-2' },
    ],
    branches,
  )
  expect(gate).toMatchObject({ result: 'fail', evidence: { 'web:src-2': 'not in the registry' } })
  expect(gate.reason).toMatch(/no image was ever built from this tree: web \(src-2\)/)
  expect(gate.reason).toMatch(/gh pr create --base dev --head staging$/)
})

const release = (count: number) => ({
  commit: 'c'.repeat(40),
  images: Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`image-${index}`, { tag: `src-${'a'.repeat(64)}`, digest }]),
  ),
  services: Object.fromEntries(Array.from({ length: count }, (_, index) => [`service-${index}`, `image-${index}`])),
})

it.each([
  [1, 'pass'],
  [36, 'pass'],
  [37, 'fail'],
  [100, 'fail'],
])('record-size of %i images with a service each: %s', (count, result) => {
  const gate = recordSize(release(count))
  expect(gate.result).toBe(result)
  if (result === 'fail') expect(gate.reason).toMatch(/SSM takes 8192: \d+ images and \d+ services are too many/)
})

it('record-size takes the longest digest for an image that is not built yet', () => {
  const built = recordSize(release(3))
  const { commit, services, images } = release(3)
  const unbuilt = Object.fromEntries(Object.entries(images).map(([name, { tag }]) => [name, { tag }]))
  expect(recordSize({ commit, services, images: unbuilt }).evidence).toEqual(built.evidence)
})
