import { expect, test } from 'vitest'
import type { DeploymentPlan } from '../../../lib/delivery/plan.ts'
import { type Release, releaseId } from '../../../lib/delivery/records.ts'
import { originOf } from './origin.ts'

const digestOf = (letter: string): string => `sha256:${letter.repeat(64)}`
const recorded = (letter: string, services: readonly string[], over: Partial<Release> = {}): Release => {
  const images = { app: { digest: digestOf(letter), tag: 't' } }
  const used = Object.fromEntries(services.map((name) => [name, 'app']))
  const rest = { commit: 'c', run: 'r', actor: 'a', verifiedAt: '2026-11-01T08:00:00Z', rejected: [] }
  return { release: releaseId(images, used), images, services: used, ...rest, ...over }
}
const planTo = (letter: string, services: readonly string[], rejects = 'rel-bad'): DeploymentPlan => ({
  version: 1,
  project: 'shop',
  environment: 'dev',
  account: '2',
  region: 'r',
  role: 'x',
  branch: 'dev',
  kind: 'rollback',
  rejects,
  release: { commit: 'c', images: { app: { repository: 'r', tag: 't', digest: digestOf(letter) } } },
  services: services.map((name) => ({
    target: 'ecs' as const,
    name,
    image: 'app',
    dependsOn: [],
    cluster: 'c',
    service: name,
    container: 'app',
    count: 1,
  })),
})
const among = (plan: DeploymentPlan, ...history: Release[]): Release | undefined =>
  originOf(plan, ['not a record', ...history.map((each) => JSON.stringify(each))], '/shop/dev/release')

test('the newest record of that id', () => {
  const first = recorded('a', ['api'], { previous: 'rel-1' })
  const again = recorded('a', ['api'], { previous: 'rel-2' })
  expect(among(planTo('a', ['api']), first, again, recorded('b', ['api']))).toEqual(again)
})

test('where a service came or went since, the newest in which each service of the plan had the same image', () => {
  const both = recorded('a', ['api', 'web'])
  expect(among(planTo('a', ['api']), both, recorded('b', ['api', 'jobs']))).toEqual(both)
})

test('never what is rejected, and never a part of a release', () => {
  const bad = recorded('a', ['api'])
  expect(among(planTo('a', ['api'], bad.release), bad)).toBeUndefined()
  expect(among(planTo('a', ['api']), recorded('a', ['api'], { partial: true }))).toBeUndefined()
})
