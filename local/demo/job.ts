import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { gitHubClaims } from '../github/claims.ts'
import { type Step, type StepOptions, startAction } from '../github/step.ts'
import { isBuildDetail, shown } from './runner-lines.ts'
import type { World } from './world.ts'

/** A job of a delivery that runs one action: what its workflow file would say. */
export type Job = {
  action: string
  /** The called workflow that holds the job, `_deploy.yml`. */
  workflow: string
  /** GitHub environment that the job names. */
  environment?: string
  branch: string
  commit: string
  run: number
  inputs: Record<string, string>
}

type Manifest = { inputs?: Record<string, { default?: string }>; runs: { post?: string } }

const actions = join(import.meta.dirname, '..', '..', 'actions')

const manifestOf = (action: string): Manifest => parse(readFileSync(join(actions, action, 'action.yml'), 'utf8'))

/** The runner sets every input that has a default; what is left out here would be so on GitHub too. */
const withDefaults = (manifest: Manifest, inputs: Record<string, string>): Record<string, string> => ({
  ...Object.fromEntries(
    Object.entries(manifest.inputs ?? {}).flatMap(([name, { default: value }]) =>
      value === undefined ? [] : [[name, String(value)]],
    ),
  ),
  ...inputs,
})

/** The variables that a runner sets, and the way to this machine's cloud, registry and engine. */
const environmentOf = (world: World, job: Job): Record<string, string> => {
  const { repository, setting, cloud, docker, dockerEnv, folder } = world
  const { owner, repository: name } = setting.repository
  const ref = `refs/heads/${job.branch}`
  const { url, token } = cloud.issuer.job(
    gitHubClaims({
      ...setting.repository,
      ref,
      sha: job.commit,
      event: 'push',
      workflowFile: 'deliver.yml',
      jobWorkflowFile: job.workflow,
      runId: job.run,
      ...(job.environment !== undefined && { environment: job.environment }),
    }),
  )
  return {
    ...dockerEnv,
    PATH: `${docker.folder}:${dockerEnv['PATH'] ?? ''}`,
    TMPDIR: join(folder, 'tmp'),
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTOR: owner,
    GITHUB_EVENT_NAME: 'push',
    GITHUB_REF: ref,
    GITHUB_REF_NAME: job.branch,
    GITHUB_REPOSITORY: `${owner}/${name}`,
    GITHUB_RUN_ID: String(job.run),
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_SHA: job.commit,
    GITHUB_WORKSPACE: repository.folder,
    ACTIONS_ID_TOKEN_REQUEST_URL: url,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: token,
    AWS_ENDPOINT_URL: cloud.endpoint,
  }
}

/** Shows what the step prints as it prints it. */
const show = ({ screen, folder }: World): Required<Pick<StepOptions, 'onLine'>> => ({
  onLine: ({ text }) => {
    const line = shown(text)
    if (line === undefined || isBuildDetail(line.text)) return
    // Names of temporary folders tell nothing, and are long.
    const short = line.text.replaceAll(`${folder}/`, '…/').replaceAll(/…\/tmp\/slipway-step-\w+\/slipway-build-\w+\//g, '…/')
    for (const each of short.split('\n')) screen.quote(line.kind === 'error' ? `ERROR ${each}` : each)
  },
})

/** Runs the action's bundle as a runner does: inputs with their defaults, the job's token, and the post step after a failure. */
export const runJob = async (world: World, job: Job): Promise<Step> => {
  const { screen } = world
  const manifest = manifestOf(job.action)
  const place = job.environment === undefined ? '' : `, environment ${job.environment}`
  screen.line(`${job.action}  (job of ${job.workflow} on ${job.branch}${place})`)
  const inputs = withDefaults(manifest, job.inputs)
  const options = { env: environmentOf(world, job), ...show(world) }
  const ended = await world.start(() => startAction(job.action, inputs, options))
  if (ended.exitCode !== 0 && manifest.runs.post !== undefined && !world.isEnding()) {
    await world.start(() => startAction(job.action, inputs, { ...options, state: ended.state }))
  }
  return ended
}
