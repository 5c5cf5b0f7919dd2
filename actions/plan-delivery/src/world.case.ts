import { example } from '../../../lib/delivery/configuration.case.ts'
import type { Configuration } from '../../../lib/delivery/configuration.ts'
import { type Hold, type Infrastructure, type Release, releaseId } from '../../../lib/delivery/records.ts'
import type { Attempt } from '../../../lib/delivery/standing.ts'
import { Refusal } from '../../../lib/refusal.ts'
import { travelling } from './infra.ts'
import type { Ports, Reader } from './ports.ts'
import type { Request } from './request.ts'

export const digest = `sha256:${'d'.repeat(64)}`
const tree = 'a'.repeat(40)
export const tag = `src-${tree}`

type World = {
  configuration: Configuration
  /** Repository and tag to digest. */
  images: Record<string, string>
  /** Every value of a release record, oldest first; the last one stands. */
  history: Record<string, Release[]>
  holds: Record<string, Hold>
  /** What stands, by record. */
  infra: Record<string, Infrastructure>
  wrongAccount: string
  /** Environments whose records cannot be read, by their read role. */
  silent: string[]
  deployments: Attempt[]
  /** Services without an image on record. */
  unseeded: string[]
  /** What other commits have at a path, by commit. */
  commits: Record<string, Record<string, string>>
  now: string
}

const idAt = (path: string): string => (/\.|Dockerfile/.test(path) ? 'b'.repeat(40) : tree)

/** What the planned commit has where configuration and infrastructure are. */
export const objects = Object.fromEntries(travelling('delivery.json').map((path) => [path, idAt(path)]))

/** The ports in memory, and what they were asked. */
export const world = (over: Partial<World> = {}) => {
  const {
    configuration = example(),
    images = {},
    history = {},
    holds = {},
    infra = {},
    wrongAccount,
    silent = [],
    unseeded = [],
    deployments,
    commits = {},
  } = over
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
        new Map(paths.map((path) => [path, { id: idAt(path), type: idAt(path) === tree ? 'tree' : 'blob' }])),
    },
    objectsAt: async (commit, paths) => {
      const objects = commits[commit]
      return objects && new Map(paths.flatMap((path) => (objects[path] ? [[path, { id: objects[path], type: 'tree' }]] : [])))
    },
    openRegistry: async (reader) => {
      asked.push(`open ${reader.role} ${reader.region}`)
      return {
        guard: guard(reader),
        digest: async (repository, image) => {
          const name = 'tag' in image ? `${repository}:${image.tag}` : `${repository}@${image.digest}`
          asked.push(`image ${name}`)
          if ('tag' in image) return images[name]
          return Object.values(images).find((found) => found === image.digest)
        },
      }
    },
    openLedger: async (reader) => {
      asked.push(`open ${reader.role} ${reader.region}`)
      if (silent.some((name) => reader.role.endsWith(`-${name}-read`))) throw new Error(`no answer from ${reader.account}`)
      return {
        guard: guard(reader),
        releases: async (parameter) => {
          asked.push(`history ${parameter}`)
          return history[parameter] ?? []
        },
        standing: async (names, images) => {
          asked.push(`standing ${names.release}`)
          const release = history[names.release]?.at(-1)
          const hold = holds[names.hold]
          const stands = infra[names.infra]
          const missing = images.filter((name) => unseeded.some((service) => name.endsWith(`/${service}/image`)))
          return { ...(release && { release }), ...(hold && { hold }), ...(stands && { infra: stands }), missing }
        },
      }
    },
    ...(deployments && {
      deployments: {
        history: async (environment, isAsked = () => true) => {
          asked.push(`github ${environment}`)
          const here = environment === 'dev' ? deployments : []
          return { attempts: here.filter(isAsked), count: here.length, isWhole: true }
        },
      },
    }),
    now: () => Date.parse(over.now ?? '2026-11-16T12:00:00Z'),
  }
  return { ports, asked }
}

export const push = (branch: string): Request => ({
  event: 'push',
  ref: `refs/heads/${branch}`,
  commit: 'c'.repeat(40),
  config: 'delivery.json',
  environment: undefined,
  operation: 'deliver',
  release: undefined,
  reason: undefined,
  runId: '7',
  pull: undefined,
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
