import { gitHubClient } from '../../lib/github/client.ts'
import { promotionContext } from '../../lib/github/promotion.ts'
import { isChange } from '../../local/aws/recorder.ts'
import type { Deployment, Pull } from '../../local/github/api/state.ts'
import type { RunOptions } from './event.ts'
import { runWorkflow, type WorkflowRun } from './run.ts'
import type { WorkflowWorld } from './world.ts'

/** What people do between two runs, and what they look at afterwards. */

const person = async (world: WorkflowWorld) => {
  const { github } = world.cloud
  const { owner, repository } = github.state
  return gitHubClient(github.tokens.forPerson('octocat'), `${owner.login}/${repository.name}`, github.url)
}

/** A change of the sample service: a content of its own, so that it is another image. */
export const changeApp = (world: WorkflowWorld, text: string, branch = 'dev', message = text): string =>
  world.scratch.commit(branch, { 'app/src/note.txt': `${text}\n` }, message)

export const push = (world: WorkflowWorld, branch: string, more: Partial<RunOptions> = {}): Promise<WorkflowRun> =>
  runWorkflow(world, { file: 'deliver.yml', event: 'push', branch, ...more })

export const dispatch = (
  world: WorkflowWorld,
  file: string,
  branch: string,
  inputs: Record<string, string | boolean> = {},
  more: Partial<RunOptions> = {},
): Promise<WorkflowRun> => runWorkflow(world, { file, event: 'workflow_dispatch', branch, inputs, ...more })

export const openPull = async (world: WorkflowWorld, head: string, base: string, title = `${head} to ${base}`): Promise<Pull> => {
  const { rest, owner, repo } = await person(world)
  const { data } = await rest.pulls.create({ owner, repo, head, base, title })
  return pullOf(world, data.number)
}

export const pullOf = (world: WorkflowWorld, number: number): Pull => {
  const found = world.cloud.github.state.pulls.find((pull) => pull.number === number)
  if (found === undefined) throw new Error(`there is no pull request ${number}`)
  return found
}

/** The open pull request from one branch to another. */
export const openPullFor = (world: WorkflowWorld, head: string, base: string): Pull | undefined =>
  world.cloud.github.state.pulls.find((pull) => pull.state === 'open' && pull.head === head && pull.base === base)

/** The promotion that a workflow has opened is merged by a person, and the push that this makes is delivered. */
export const mergeAndDeliver = async (world: WorkflowWorld, head: string, base: string): Promise<WorkflowRun> => {
  const pull = openPullFor(world, head, base)
  if (pull === undefined) throw new Error(`no pull request from ${head} to ${base} is open`)
  const { rest, owner, repo } = await person(world)
  await rest.pulls.merge({ owner, repo, pull_number: pull.number })
  return push(world, base)
}

/** The job of ci.yml that judges a promotion; its other jobs are the repository's own checks. */
export const judge = (world: WorkflowWorld, pull: Pull): Promise<WorkflowRun> =>
  runWorkflow(world, { file: 'ci.yml', event: 'pull_request', pull, job: 'gate' })

/** The newest answer of the gate on the head of a pull request, for the environment of its base branch. */
export const gateOf = (world: WorkflowWorld, pull: Pull) => {
  const environment = world.setting.environments.find(({ branch }) => branch === pull.base)?.name ?? ''
  const head = pull.closedAt?.head ?? world.scratch.head(pull.head)
  return world.cloud.github.state.statuses.findLast(
    ({ context, sha }) => context === promotionContext(environment) && sha === head,
  )
}

/** From dev to prod, by the pull requests that the workflows open. */
export const deliverEverywhere = async (world: WorkflowWorld, text: string): Promise<WorkflowRun[]> => {
  changeApp(world, text)
  const runs = [await push(world, 'dev')]
  runs.push(await mergeAndDeliver(world, 'dev', 'staging'))
  runs.push(await mergeAndDeliver(world, 'staging', 'main'))
  return runs
}

export const builds = (world: WorkflowWorld): number =>
  world.docker.calls().filter((call) => call.startsWith('buildx build')).length

/** AWS calls of jobs since a mark; `writes` are those that may change something. */
export const awsCalls = (world: WorkflowWorld, since: number) => {
  const calls = world.cloud.recorder
    .calls({ since })
    .filter(({ role, operation }) => role !== undefined || operation.startsWith('Assume'))
  const named = (list: typeof calls) => list.map(({ service, operation }) => `${service}:${operation}`)
  return { all: named(calls), writes: named(calls.filter(isChange)) }
}

export const deploymentsTo = (world: WorkflowWorld, environment: string): Deployment[] =>
  world.cloud.github.state.deployments.filter((deployment) => deployment.environment === environment)
