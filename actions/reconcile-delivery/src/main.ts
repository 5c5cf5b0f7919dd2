import { openSession } from '../../../lib/aws/session.ts'
import type { Board } from '../../../lib/delivery/board/board.ts'
import { boardMarkdown } from '../../../lib/delivery/board/markdown.ts'
import { boardText } from '../../../lib/delivery/board/text.ts'
import { type GitHubClient, gitHubClient } from '../../../lib/github/client.ts'
import { systemClock } from '../../../lib/runner/clock.ts'
import { type RunContext, runContext } from '../../../lib/runner/context.ts'
import { runnerLog } from '../../../lib/runner/log.ts'
import { fail, idToken, reason, runAction, setOutputs, writeSummary } from '../../../lib/runner/step.ts'
import { type Dispatch, decideDispatches } from './dispatch.ts'
import { type Inputs, readInputs } from './inputs.ts'
import type { Ports, Reader } from './ports.ts'
import { readBoard } from './read.ts'
import { repository } from './repository.ts'

const NAME = 'reconcile-delivery'

const ports = async (inputs: Inputs, context: RunContext, github: GitHubClient | undefined): Promise<Ports> => {
  const open = ({ account, region, role }: Reader) =>
    openSession({
      account,
      region,
      role: inputs.credentials === 'oidc' ? role : undefined,
      sessionName: `${NAME}-${context.runId || 'manual'}-${context.runAttempt || '1'}`,
      requestTimeout: inputs.requestTimeout,
      idToken,
      now: systemClock.now,
    })
  return {
    source: repository(context.workspace),
    openAccount: async (reader) => {
      const [{ ssmLedger }, { platforms }] = await Promise.all([import('./ssm.ts'), import('./targets.ts')])
      const session = await open(reader)
      return { guard: () => session.guard(), ledger: ssmLedger(session), platforms: platforms(session) }
    },
    openRegistry: async (reader) => (await import('./ecr.ts')).ecrRegistry(await open(reader)),
    ...(github && { deployments: tolerant((await import('./github.ts')).gitHubDeployments(github, systemClock.now())) }),
    now: systemClock.now,
    sleep: systemClock.sleep,
  }
}

/** The board stands without GitHub. */
const tolerant = ({ open }: NonNullable<Ports['deployments']>): NonNullable<Ports['deployments']> => ({
  open: (environment) =>
    open(environment).catch((error) => {
      runnerLog.warning(`GitHub Deployments of ${environment} could not be read: ${reason(error)}`)
      return []
    }),
})

const explain =
  (branch: string) =>
  (cause: unknown): never => {
    const words = `GitHub did not start deliver.yml on ${branch}: ${reason(cause)}; the job needs 'actions: write'`
    throw new Error(words, { cause })
  }

const startReady = async (board: Board, inputs: Inputs, github: GitHubClient): Promise<Dispatch[]> => {
  const runs = (await import('./github.ts')).gitHubRuns(github)
  const decided = await decideDispatches(board, runs)
  for (const { branch, decision, reason: why } of decided) {
    if (decision === 'leave') {
      runnerLog.notice(`${branch} is ready and was not started: ${why}`)
      continue
    }
    if (!inputs.dryRun) await runs.start(branch).catch(explain(branch))
    runnerLog.notice(`${inputs.dryRun ? 'dry run: would start' : 'started'} deliver.yml on ${branch}: ${why}`)
  }
  return decided
}

const verdict = ({ drift, unreadable, environments }: Board): string | undefined => {
  const found = environments.flatMap(({ environment, findings }) =>
    findings.filter(({ kind }) => kind === 'drift').map(({ message }) => `${environment}: ${message}`),
  )
  if (drift) return `drift: ${found.join('; ')}`
  return unreadable.length > 0 ? `could not be read: ${unreadable.join('; ')}` : undefined
}

await runAction(NAME, async () => {
  const context = runContext()
  const inputs = readInputs(context)
  const { githubToken: token } = inputs
  const github = token === undefined ? undefined : await gitHubClient(token, context.repository, context.apiUrl)
  const board = await readBoard(inputs, await ports(inputs, context, github))
  for (const line of boardText(board)) runnerLog.info(line)
  const base = { board: JSON.stringify(board), drift: String(board.drift), ready: JSON.stringify(board.ready), dispatched: '[]' }
  setOutputs(base)
  await writeSummary(boardMarkdown(board))
  if (inputs.dispatch && github !== undefined) {
    const started = (await startReady(board, inputs, github)).filter(({ decision }) => decision === 'start' && !inputs.dryRun)
    setOutputs({ dispatched: JSON.stringify(started.map(({ branch }) => branch)) })
  }
  const problem = verdict(board)
  if (problem === undefined) return
  if (inputs.failOn === 'drift') fail(`${NAME}: ${problem}`)
  else runnerLog.warning(problem)
})
