import { example } from '../configuration.case.ts'
import type { Environment } from '../configuration.ts'
import { type Release, releaseId } from '../records.ts'
import type { EnvironmentFacts, Facts, Head, Live } from './facts.ts'

export const now = Date.parse('2026-11-23T12:00:00Z')
export const digest = (letter: string): string => `sha256:${letter.repeat(64)}`
export const tag = (letter: string): string => `src-${letter.repeat(40)}`

const services = { api: 'app' }

/** A release of one image, told from others by a letter. */
export const release = (letter: string, over: Partial<Release> = {}): Release => {
  const images = { app: { digest: digest(letter), tag: tag(letter) } }
  return {
    release: releaseId(images, services),
    images,
    services,
    commit: letter.repeat(40),
    run: 'https://github.com/acme/shop/actions/runs/7',
    actor: 'octocat',
    verifiedAt: '2026-11-23T08:00:00.000Z',
    rejected: [],
    ...over,
  }
}

export const running = (letter: string, count = 2, desired = 2): Live => ({
  state: 'seen',
  desired,
  running: { [digest(letter)]: count },
  changing: false,
})

export const head = (letter: string, over: Partial<Exclude<Head, { problem: string }>> = {}): Head => ({
  ref: 'refs/remotes/origin/x',
  commit: letter.repeat(40),
  images: { app: { tag: tag(letter), digest: digest(letter) } },
  services,
  distance: { behind: 0, ahead: 0 },
  ...over,
})

/** An environment in which release `letter` stands, runs and is wanted. */
export const environment = (name: string, letter: string, over: Partial<EnvironmentFacts> = {}): EnvironmentFacts => ({
  name,
  place: example().environments[name] as Environment,
  head: head(letter),
  history: [{ release: release(letter), writtenAt: Date.parse('2026-11-23T08:00:00Z') }],
  services: [{ name: 'api', target: 'ecs', image: 'app', record: imageUri(letter), live: running(letter) }],
  kept: [],
  ...over,
})

export const imageUri = (letter: string): string => `111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/app@${digest(letter)}`

/** Release `a` everywhere, but for what is said otherwise. */
export const facts = (over: Record<string, Partial<EnvironmentFacts>> = {}, more: Partial<Facts> = {}): Facts => ({
  project: 'shop',
  now,
  environments: ['dev', 'staging', 'prod'].map((name) => environment(name, 'a', over[name])),
  ...more,
})
