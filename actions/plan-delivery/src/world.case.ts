import { example } from '../../../lib/delivery/configuration.case.ts'
import type { Configuration } from '../../../lib/delivery/configuration.ts'
import { type Release, releaseId } from '../../../lib/delivery/records.ts'
import { Refusal } from '../../../lib/refusal.ts'
import type { Request } from './plan.ts'
import type { Ports, Reader } from './ports.ts'

export const digest = `sha256:${'d'.repeat(64)}`
const tree = 'a'.repeat(40)
export const tag = `src-${tree}`

type World = {
  configuration: Configuration
  /** Repository and tag to digest. */
  images: Record<string, string>
  history: Record<string, Release[]>
  wrongAccount: string
}

/** The ports in memory, and what they were asked. */
export const world = (over: Partial<World> = {}) => {
  const { configuration = example(), images = {}, history = {}, wrongAccount } = over
  const asked: string[] = []
  const guard = (reader: Reader) => async () => {
    asked.push(`guard ${reader.account}`)
    if (reader.account === wrongAccount)
      throw new Refusal(`wrong account: these credentials belong to 999999999999, expected ${reader.account}`)
  }
  const ports: Ports = {
    source: {
      file: async () => JSON.stringify(configuration),
      objects: async (paths) =>
        new Map(
          paths.map((path) => [
            path,
            path.includes('.') || path.includes('Dockerfile') ? { id: 'b'.repeat(40), type: 'blob' } : { id: tree, type: 'tree' },
          ]),
        ),
    },
    openRegistry: async (reader) => {
      asked.push(`open ${reader.role} ${reader.region}`)
      return {
        guard: guard(reader),
        digest: async (repository, tag) => {
          asked.push(`image ${repository}:${tag}`)
          return images[`${repository}:${tag}`]
        },
      }
    },
    openLedger: async (reader) => {
      asked.push(`open ${reader.role} ${reader.region}`)
      return {
        guard: guard(reader),
        releases: async (parameter) => {
          asked.push(`history ${parameter}`)
          return history[parameter] ?? []
        },
      }
    },
  }
  return { ports, asked }
}

export const push = (branch: string): Request => ({
  event: 'push',
  ref: `refs/heads/${branch}`,
  commit: 'c'.repeat(40),
  config: 'delivery.json',
  environment: undefined,
})

const services = { api: 'app', events: 'app', edge: 'app' }
export const release: Release = {
  release: releaseId({ app: { digest } }, services),
  images: { app: { digest, tag } },
  services,
  commit: 'c'.repeat(40),
  run: 'https://github.com/acme/shop/actions/runs/1',
  actor: 'octocat',
  verifiedAt: '2026-11-01T08:00:00.000Z',
  rejected: [],
}
export const found = { [`shop/app:${tag}`]: digest }
export const verified = { '/shop/dev/release': [release] }
