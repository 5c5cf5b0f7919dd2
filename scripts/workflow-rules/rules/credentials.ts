import { eachJob, foreignAction, hasToken, isCalled, ownAction, type Rule } from '../rule.ts'
import type { Job, Step } from '../workflow.ts'

/** Jobs whose trust lists branches instead: they read, or make change sets that others carry out, and nobody has to approve that. */
const NAMELESS = ['_plan.yml plan', '_reconcile.yml reconcile', '_infra.yml prepare']
const CONFIGURE = 'aws-actions/configure-aws-credentials'
/** The first version that compares all accounts it is given. */
const SOUND = [6, 2, 1]

export const credentials: Rule[] = [
  {
    id: 'aws-in-reusable-only',
    check: eachJob((job, _key, workflow) => {
      if (isCalled(workflow) && workflow.file.startsWith('_')) return []
      // A job that calls only hands the right on, and one that attests signs with it: no role trusts either.
      if (job.uses !== undefined || job.steps.some(({ uses }) => foreignAction(uses) === 'actions/attest')) return []
      return hasToken(job) || job.steps.some(takesRole)
        ? ["reaches AWS, which only called workflows '_*.yml' may: roles trust them by name"]
        : []
    }),
  },
  {
    id: 'in-process-credentials',
    check: (workflow, world) => [
      ...eachJob((job) => [...configured(job), ...unsound(job)])(workflow, world),
      ...workflow.texts
        .filter(
          ({ path }) => path.includes('env') && /^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)$/.test(String(path.at(-1))),
        )
        .map(({ path }) => ({ at: path, message: `'${path.at(-1)}' gives credentials to every process of the step` })),
      ...workflow.texts
        .filter(
          ({ path, text }) => path.at(-1) === 'uses' && text.startsWith(`${CONFIGURE}@`) && !isSound(workflow.commentOf(path)),
        )
        .map(({ path }) => ({
          at: path,
          message: `must be v${SOUND.join('.')} or later, which compares every account it is given`,
        })),
    ],
  },
  {
    id: 'oidc-needs-environment',
    check: eachJob((job, key, { file }) => {
      if (!hasToken(job) || job.uses !== undefined || !job.steps.some((step) => ownAction(step) !== undefined || takesRole(step)))
        return []
      const nameless =
        job.environment === undefined && !NAMELESS.includes(`${file} ${key}`)
          ? ['has an OIDC token and names no environment']
          : []
      return [...nameless, ...job.steps.flatMap(withoutAccount)]
    }),
  },
  {
    id: 'oidc-own-code-only',
    check: eachJob((job) =>
      hasToken(job)
        ? job.steps
            .map(({ uses }) => foreignAction(uses))
            .filter((action) => action !== undefined && !['actions/checkout', 'actions/attest', CONFIGURE].includes(action))
            .map((action) => `runs '${action}', and every step of a job with 'id-token: write' can ask for its token`)
        : [],
    ),
  },
  {
    id: 'no-install-after-credentials',
    check: eachJob((job) => {
      const first = hasToken(job) ? job.steps.findIndex(takesRole) : -1
      const inProcess = hasToken(job) && !job.steps.some(({ uses }) => foreignAction(uses) === CONFIGURE)
      const late = job.steps.filter(({ run }, index) => installs(run) && (inProcess || (first >= 0 && index > first)))
      return late.map(({ name }) => `installs packages in '${name ?? ''}', where their scripts could take credentials`)
    }),
  },
]

const takesRole = ({ uses, with: inputs }: Step): boolean =>
  foreignAction(uses) === CONFIGURE || inputs?.['role-to-assume'] !== undefined

const installs = (run: string | undefined): boolean => /\b(npm|pip3?|apt(-get)?|yarn|pnpm)\s+(ci|i|install|add)\b/.test(run ?? '')

/** Only a program that knows no other way gets its credentials from the job. */
const configured = ({ steps }: Job): string[] =>
  steps.some(({ uses }) => foreignAction(uses) === CONFIGURE) && !steps.some(({ run }) => /\bcdk\b/.test(run ?? ''))
    ? [`exports credentials with '${CONFIGURE}' and runs no cdk`]
    : []

const unsound = ({ steps }: Job): string[] =>
  steps
    .filter(({ uses }) => foreignAction(uses) === CONFIGURE)
    .flatMap(({ with: inputs }) =>
      ['allowed-account-ids', 'role-session-name', 'role-duration-seconds', 'mask-aws-account-id']
        .filter((input) => inputs?.[input] === undefined)
        .map((input) => `must give '${CONFIGURE}' the input '${input}'`),
    )

/** A plan names role and account; without one the step must. */
const withoutAccount = (step: Step): string[] => {
  const action = ownAction(step)
  const needed = action === 'build-push-image' || (action === 'deploy-service' && step.with?.['plan'] === undefined)
  return ['role-to-assume', 'aws-account-id']
    .filter((input) => needed && step.with?.[input] === undefined)
    .map((input) => `must give '${action}' the input '${input}'`)
}

const isSound = (comment: string | undefined): boolean => {
  const version =
    /^v(\d+)\.(\d+)\.(\d+)$/
      .exec(comment ?? '')
      ?.slice(1)
      .map(Number) ?? []
  const index = SOUND.findIndex((part, place) => part !== version[place])
  return index < 0 || (version[index] ?? 0) > (SOUND[index] ?? 0)
}
