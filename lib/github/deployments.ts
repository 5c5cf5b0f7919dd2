import type { Attempt } from '../delivery/standing.ts'
import type { GitHubClient } from './client.ts'
import type { DeploymentPayload } from './deployment-status.ts'
import { inWords } from './explain.ts'

/** What GitHub tells of one environment. */
export type Told = {
  /** Newest first. */
  attempts: Attempt[]
  /** Deployments with a payload of ours, those that were not asked for included. */
  count: number
  /** False where there are older ones that were not looked at. */
  isWhole: boolean
}

export interface Deployments {
  /** `isAsked` picks those whose statuses are looked up: each costs a request. All, where it is left out. */
  history(environment: string, isAsked?: (payload: DeploymentPayload) => boolean): Promise<Told>
}

/** Deployments that are looked at, and requests at a time: GitHub asks not to be sent many at once. */
const MOST = 300
const PAGE = 100
const AT_ONCE = 8

/** Reads what `deploymentStatuses` has written. Rejects with a `Refusal` in words. */
export const gitHubDeployments = (client: GitHubClient, timeout = 10_000): Deployments => ({
  history: (environment, isAsked = () => true) =>
    inWords(`the deployments of ${environment}`, 'deployments: read', async () => {
      const { found, isWhole } = await list(client, environment, timeout)
      const asked = found.filter(({ payload }) => isAsked(payload))
      const attempts: Attempt[] = []
      for (let from = 0; from < asked.length; from += AT_ONCE) {
        const some = asked.slice(from, from + AT_ONCE)
        attempts.push(...(await Promise.all(some.map((deployment) => attemptOf(client, deployment, timeout)))))
      }
      return { attempts, count: found.length, isWhole }
    }),
})

type Found = { id: number; startedAt: string; payload: DeploymentPayload }

const list = async ({ rest, owner, repo }: GitHubClient, environment: string, timeout: number) => {
  const found: Found[] = []
  for (let page = 1; page <= MOST / PAGE; page += 1) {
    const request = { signal: AbortSignal.timeout(timeout) }
    const { data } = await rest.repos.listDeployments({ owner, repo, environment, per_page: PAGE, page, request })
    for (const { id, created_at, payload } of data) {
      const ours = payloadOf(payload)
      if (ours !== undefined) found.push({ id, startedAt: created_at, payload: ours })
    }
    if (data.length < PAGE) return { found, isWhole: true }
  }
  return { found, isWhole: false }
}

/** Newest first; to be replaced does not undo that it was verified. */
const attemptOf = async (
  { rest, owner, repo }: GitHubClient,
  { id, startedAt, payload }: Found,
  timeout: number,
): Promise<Attempt> => {
  const request = { signal: AbortSignal.timeout(timeout) }
  const { data } = await rest.repos.listDeploymentStatuses({ owner, repo, deployment_id: id, per_page: 30, request })
  const said = data.find(({ state }) => state !== 'inactive')
  const state = (said?.state === 'success' ? said : data[0])?.state ?? 'pending'
  return { ...payload, startedAt, state, ...(said?.state === 'success' && { verifiedAt: said.created_at }) }
}

/** The API gives a payload back as it was sent, or as the text of its JSON. Undefined for one that is not ours. */
const payloadOf = (payload: unknown): DeploymentPayload | undefined => {
  const parsed = typeof payload === 'string' ? parse(payload) : payload
  if (typeof parsed !== 'object' || parsed === null) return undefined
  const read = (name: string): string => {
    const value: unknown = Reflect.get(parsed, name)
    return typeof value === 'string' ? value : ''
  }
  const [service, digest, tag] = [read('service'), read('digest'), read('tag')]
  if (service === '' || digest === '' || tag === '') return undefined
  const rejects = read('rejects')
  return { service, digest, tag, release: read('release'), kind: read('kind'), ...(rejects !== '' && { rejects }) }
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
