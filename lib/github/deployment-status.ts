import type { GitHubClient } from './client.ts'

/** What GitHub keeps of one service that is brought to an environment; plan-delivery and promote-branch read it back. */
export type DeploymentPayload = {
  service: string
  digest: string
  /** Content tag. */
  tag: string
  /** Id of the release that the service is part of. */
  release: string
  /** Kind of the plan. */
  kind: string
  /** With a rollback: id of the release that is left. */
  rejects?: string
}

export type DeploymentState = 'success' | 'failure' | 'error' | 'inactive'

/** Facts that hold for all services of a release. */
export type DeploymentPlace = {
  environment: string
  commit: string
  /** Page of the run; left out where it is empty. */
  logUrl: string
  /** Milliseconds for one request. */
  timeout: number
}

export interface DeploymentStatuses {
  /** Service to its newest deployment in the environment. */
  newest(): Promise<ReadonlyMap<string, number>>
  /** A deployment that is under way from now on; resolves to its id. */
  begin(payload: DeploymentPayload, url: string | undefined): Promise<number>
  end(id: number, state: DeploymentState, description: string, url?: string): Promise<void>
}

const LONGEST = 140

export const deploymentStatuses = (
  { rest, owner, repo }: GitHubClient,
  { environment, commit, logUrl, timeout }: DeploymentPlace,
): DeploymentStatuses => {
  const at = { owner, repo }
  const request = () => ({ request: { signal: AbortSignal.timeout(timeout) } })
  const status = (deployment_id: number, state: DeploymentState | 'in_progress', description: string, url?: string) =>
    rest.repos.createDeploymentStatus({
      ...at,
      ...request(),
      deployment_id,
      state,
      description: shortened(description),
      // GitHub would end the deployments of all other services of the environment too.
      auto_inactive: false,
      ...(logUrl !== '' && { log_url: logUrl }),
      ...(url !== undefined && { environment_url: url }),
    })
  return {
    newest: async () => {
      const { data } = await rest.repos.listDeployments({ ...at, ...request(), environment, per_page: 100 })
      const newest = new Map<string, number>()
      for (const { id, payload } of data) {
        const service = serviceOf(payload)
        if (service !== undefined && !newest.has(service)) newest.set(service, id)
      }
      return newest
    },
    begin: async (payload, url) => {
      const { data } = await rest.repos.createDeployment({
        ...at,
        ...request(),
        ref: commit,
        environment,
        description: shortened(`${payload.service}: ${payload.tag}`),
        payload,
        auto_merge: false,
        required_contexts: [],
        transient_environment: false,
        production_environment: /^prod(uction)?$/.test(environment),
      })
      if (!('id' in data)) throw new Error(`GitHub made no deployment: ${data.message ?? 'no reason given'}`)
      await status(data.id, 'in_progress', 'under way', url)
      return data.id
    },
    end: async (id, state, description, url) => {
      await status(id, state, description, url)
    },
  }
}

/** The API gives a payload back as it was sent, or as the text of its JSON. */
const serviceOf = (payload: unknown): string | undefined => {
  const parsed = typeof payload === 'string' ? parse(payload) : payload
  if (typeof parsed !== 'object' || parsed === null || !('service' in parsed)) return undefined
  return typeof parsed.service === 'string' ? parsed.service : undefined
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** GitHub refuses a longer description. */
const shortened = (text: string): string => {
  const characters = [...text.replaceAll(/\s+/g, ' ')]
  return characters.length <= LONGEST ? characters.join('') : `${characters.slice(0, LONGEST - 1).join('')}…`
}
