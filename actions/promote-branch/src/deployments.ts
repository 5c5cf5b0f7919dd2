import type { GitHubClient } from '../../../lib/github/client.ts'
import type { DeploymentPayload } from '../../../lib/github/deployment-status.ts'
import { inWords, limited } from '../../../lib/github/explain.ts'
import type { Brought, Deployments, Ended } from './ports.ts'

/** Pages of a hundred. What is older was promoted long ago, or never will be. */
const PAGES = 3

/** GitHub Deployments as deploy-service writes them: one a service, and what it brought in the payload. */
export const gitHubDeployments = ({ rest, paginate, owner, repo }: GitHubClient): Deployments => {
  const list = async (environment: string): Promise<Brought[]> => {
    let pages = 0
    const request = { owner, repo, environment, per_page: 100, ...limited() }
    const found = await paginate(rest.repos.listDeployments, request, ({ data }, done) => {
      pages += 1
      if (pages === PAGES) done()
      return data.flatMap(({ id, payload }) => readPayload(id, payload))
    })
    return found
  }
  const end = async (id: number): Promise<Ended> => {
    const { data } = await rest.repos.listDeploymentStatuses({ owner, repo, deployment_id: id, per_page: 100, ...limited() })
    // GitHub itself adds `inactive` when something newer came to the same environment.
    const last = data.find(({ state }) => state !== 'inactive')
    const first = data.findLast(({ state }) => state === 'success')
    return { state: last?.state ?? 'queued', at: last?.created_at ?? '', ...(first && { verifiedAt: first.created_at }) }
  }
  const once = <K, V>(what: (key: K) => string, ask: (key: K) => Promise<V>): ((key: K) => Promise<V>) => {
    const answers = new Map<K, Promise<V>>()
    return (key) => {
      const answer = answers.get(key) ?? inWords(what(key), 'deployments: read', () => ask(key))
      answers.set(key, answer)
      return answer
    }
  }
  return {
    brought: once((environment) => `the deployments to ${environment} cannot be listed`, list),
    ended: once((id) => `the statuses of deployment ${id} cannot be read`, end),
  }
}

/** Deployments of others, or of older versions, say nothing here. The API gives the payload back as it was sent. */
const readPayload = (id: number, payload: unknown): Brought[] => {
  const given = typeof payload === 'string' ? parsed(payload) : payload
  if (typeof given !== 'object' || given === null) return []
  const texts = Object.entries(given).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  const { service, tag, digest, release, kind = '', rejects } = Object.fromEntries(texts) as Partial<DeploymentPayload>
  if (service === undefined || tag === undefined || digest === undefined || release === undefined) return []
  return [{ id, service, tag, digest, release, kind, ...(rejects !== undefined && { rejects }) }]
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
