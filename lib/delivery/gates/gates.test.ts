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
  if (result === 'fail')
    expect(gate.reason).toMatch(/SSM takes 8192: \d+ images, \d+ services and 20 rejected releases are too many/)
})

it('record-size counts the reason in bytes, and asks for a shorter one where that is enough', () => {
  const reason = '🔥'.repeat(500)
  const short = Number(recordSize({ ...release(30), kind: 'rollback' }).evidence['bytes'])
  const gate = recordSize({ ...release(30), kind: 'rollback', reason })
  expect(Number(gate.evidence['bytes']) - short).toBe(2000 + ',"reason":""'.length)
  expect(gate).toMatchObject({
    result: 'fail',
    reason: expect.stringMatching(/: 2002 of them are the reason; give a shorter one$/),
  })
  expect(recordSize({ ...release(100), kind: 'hotfix', reason }).reason).toMatch(/too many for one project/)
})

it('record-size counts what is recorded of a hotfix and a rollback, and each rejected release', () => {
  const bytes = (more: object) => Number(recordSize({ ...release(3), ...more }).evidence['bytes'])
  expect(bytes({ kind: 'promotion' })).toBe(bytes({}))
  expect(bytes({ kind: 'hotfix' }) - bytes({})).toBe(',"kind":"hotfix"'.length)
  const id = `rel-${'1'.repeat(16)}`
  expect(bytes({ rejected: [id, id] }) - bytes({ rejected: [id] })).toBe(`,"${id}"`.length)
  // Twenty where they are not known, one that may come where they are.
  expect(bytes({ rejected: Array(19).fill(id) })).toBe(bytes({}))
})

it('record-size takes the longest digest for an image that is not built yet', () => {
  const built = recordSize(release(3))
  const { commit, services, images } = release(3)
  const unbuilt = Object.fromEntries(Object.entries(images).map(([name, { tag }]) => [name, { tag }]))
  expect(recordSize({ commit, services, images: unbuilt }).evidence).toEqual(built.evidence)
})
