import { afterEach, expect, test } from 'vitest'
import { example } from '../lib/delivery/configuration.case.ts'
import type { Configuration } from '../lib/delivery/configuration.ts'
import { gitHubClient } from '../lib/github/client.ts'
import type { GitHubOptions } from '../local/github/api/state.ts'
import { type Finding, SET_UP } from '../scripts/doctor/finding.ts'
import { checkGitHub } from '../scripts/doctor/github.ts'
import { readGitHub } from '../scripts/doctor/github-facts.ts'
import { desiredState } from '../scripts/setup/desired.ts'
import { gh } from './gh.ts'
import { type SetUpWorld, setUpWorld } from './setup-world.ts'

let world: SetUpWorld
afterEach(() => world.close())

/** A repository that is set up, with the two settings that no script turns. */
const start = async (options?: GitHubOptions, configuration = example()) => {
  world = await setUpWorld(configuration, options)
  const { state } = world.gitHub
  state.workflowPermissions.can_approve_pull_request_reviews = true
  state.actions.sha_pinning_required = true
  await world.setUp(true)
  return state
}
const examine = async (
  token = world.gitHub.tokens.forPerson('octocat'),
  configuration: Configuration = example(),
): Promise<Finding[]> => {
  const desired = desiredState(configuration)
  return checkGitHub(desired, await readGitHub(await gitHubClient(token, 'acme/shop', world.gitHub.url), desired))
}
const red = (findings: Finding[]) =>
  findings.flatMap(({ status, message, mend }) => (status === 'ok' ? [] : [`${status}: ${message} → ${mend}`]))
const environment = (name: string) => {
  const found = world.gitHub.state.environments.find((one) => one.name === name)
  if (found === undefined) throw new Error(name)
  return found
}

test('a repository that was set up is fine, but for what administrators may do', async () => {
  await start()
  const findings = await examine()
  expect(red(findings)).toEqual(
    ['prod', 'prod-infra'].map(
      (name) =>
        `weak: administrators may pass the reviewers of ${name}: Settings, Environments, ${name}, "Allow administrators to bypass" → undefined`,
    ),
  )
  expect(findings.filter(({ status }) => status === 'ok')).toHaveLength(19)
})

test('it writes nothing', async () => {
  await start()
  const before = world.gitHub.state.calls.length
  await examine()
  expect(new Set(world.gitHub.state.calls.slice(before).map(({ method }) => method))).toEqual(new Set(['GET']))
})

const gone = (list: { name: string }[], name: string): void => {
  list.splice(
    list.findIndex((one) => one.name === name),
    1,
  )
}
type State = SetUpWorld['gitHub']['state']
const findings: [string, (state: State) => void, RegExp][] = [
  [
    'a ruleset is gone',
    ({ rulesets }) => gone(rulesets, 'slipway: main'),
    /wrong: on main a pull request is not required → npm run setup -- --apply/,
  ],
  [
    'a ruleset is switched off',
    ({ rulesets }) => Object.assign(rulesets[2] ?? {}, { enforcement: 'disabled' }),
    /wrong: on main force pushes are possible/,
  ],
  [
    'a ruleset can be bypassed',
    ({ rulesets }) => rulesets[2]?.bypass_actors.push({ actor_id: 5, actor_type: 'RepositoryRole' }),
    /wrong: 1 actor\(s\) may bypass the rules of main/,
  ],
  [
    'squashing is allowed',
    ({ rulesets }) => Object.assign(rulesets[1]?.rules[2] ?? {}, { parameters: {} }),
    /wrong: on staging pull requests may be merged by squash and rebase/,
  ],
  [
    'another ruleset leaves no merge commits',
    ({ rulesets }) =>
      rulesets.push({
        id: 1,
        name: 'organisation',
        target: 'branch',
        enforcement: 'active',
        conditions: { ref_name: { include: ['~ALL'], exclude: [] } },
        rules: [
          { type: 'pull_request', parameters: { allowed_merge_methods: ['squash'] } },
          {
            type: 'required_status_checks',
            parameters: { strict_required_status_checks_policy: true, required_status_checks: [] },
          },
        ],
        bypass_actors: [],
      }),
    /wrong: on main no merge commits are allowed.*\n.*wrong: on main branches must be up to date/s,
  ],
  [
    'an environment is gone',
    ({ environments }) => gone(environments, 'build'),
    /wrong: the environment build is missing → npm run setup -- --apply/,
  ],
  [
    'an environment lets in everything',
    () => Object.assign(environment('prod'), { branch_policy: null }),
    /wrong: the environment prod lets in any branch and tag → npm run setup/,
  ],
  [
    'an environment lets in all protected branches',
    () => Object.assign(environment('prod'), { branch_policy: { protected_branches: true, custom_branch_policies: false } }),
    /wrong: the environment prod lets in every protected branch/,
  ],
  [
    'an environment lets in a branch too much',
    () => environment('prod').branch_policies.push({ id: 1, name: 'release/*', type: 'branch' }),
    /wrong: the environment prod lets in the branch release\/\*, which delivery\.json does not name → gh api .*DELETE/,
  ],
  [
    'an environment does not let in its branch',
    () => Object.assign(environment('build'), { branch_policies: [] }),
    /wrong: the environment build does not let in the branch dev/,
  ],
  [
    'an environment is spelled otherwise',
    () => Object.assign(environment('prod'), { name: 'Prod' }),
    /wrong: the environment prod is called Prod, which no role trusts/,
  ],
  [
    'reviewers are missing',
    () => Object.assign(environment('prod'), { reviewers: [] }),
    /wrong: the environment prod lacks the reviewers octocat, acme\/platform → npm run setup/,
  ],
  [
    'there are other reviewers',
    (state) => {
      state.users.push({ login: 'hubot', id: 9 })
      environment('prod').reviewers.push({ type: 'User', id: 9 })
    },
    /wrong: the environment prod has the reviewers hubot, whom delivery\.json does not name → change them by hand/,
  ],
  [
    'a reviewer does not exist',
    (state) => Object.assign(state, { teams: [] }),
    /unseen: the reviewer acme\/platform of prod cannot be found: Not Found \(404\)/,
  ],
  [
    'the workflow token may write',
    (state) => Object.assign(state.workflowPermissions, { default_workflow_permissions: 'write' }),
    /wrong: the workflow token may write in every job/,
  ],
  [
    'workflows may not open pull requests',
    (state) => Object.assign(state.workflowPermissions, { can_approve_pull_request_reviews: false }),
    /wrong: workflows may not open pull requests.* → gh api -X PUT repos\/acme\/shop\/actions\/permissions\/workflow/,
  ],
  [
    'actions need not be pinned',
    (state) => Object.assign(state.actions, { sha_pinning_required: false }),
    /wrong: actions need not be pinned.* → gh api .* -F sha_pinning_required=true/,
  ],
  ['Actions is off', (state) => Object.assign(state.actions, { enabled: false }), /wrong: GitHub Actions is switched off/],
  [
    'the subject is by name',
    (state) => Object.assign(state.oidc, { use_immutable_subject: false }),
    /wrong: the OIDC subject begins with repo:acme\/shop, the roles trust repo:acme@1\/shop@2 → gh api .*use_immutable_subject=true/,
  ],
  [
    'the subject is customised',
    (state) => Object.assign(state.oidc, { use_default: false, include_claim_keys: ['actor'] }),
    /wrong: the OIDC subject is customised, so no role trusts any job/,
  ],
  [
    'the default branch is another',
    (state) => Object.assign(state, { defaultBranch: 'dev' }),
    /wrong: the default branch is dev: .* → gh api -X PATCH repos\/acme\/shop -f default_branch=main/,
  ],
  [
    'no merge commits are allowed',
    (state) => Object.assign(state.settings, { allow_merge_commit: false }),
    /wrong: the repository allows no merge commits/,
  ],
  ['a label is gone', (state) => gone(state.labels, 'hotfix'), /wrong: the label hotfix is missing/],
  [
    'the repository is another',
    (state) => Object.assign(state.repository, { id: 7 }),
    /wrong: repository\.id in delivery\.json is 2, GitHub says 7/,
  ],
  [
    'the plan is smaller',
    (state) => Object.assign(state, { plan: 'team' }),
    /weak: GitHub team has no required reviewers.*\n.*wrong: delivery\.json asks for reviewers of prod and prod-infra/s,
  ],
]

/** Runs the command of a finding, where it is one; whatever else it says is for a person. */
const mend = async (command: string): Promise<boolean> => {
  const parts = command.split(' && ')
  if (!parts.every((part) => part === SET_UP || part.startsWith('gh api '))) return false
  for (const part of parts) {
    if (part === SET_UP) await world.setUp(true)
    else await gh(world.gitHub, world.gitHub.tokens.forPerson('octocat'), part)
  }
  return true
}

test.each(findings)('it says when %s, and what mends it', async (_, change, expected) => {
  change(await start())
  const found = await examine()
  expect(red(found).join('\n')).toMatch(expected)
  const mended: string[] = []
  for (const { message, mend: command } of found) if (command !== undefined && (await mend(command))) mended.push(message)
  const still = (await examine()).map(({ message }) => message)
  expect(mended.filter((message) => still.includes(message))).toEqual([])
})

test('on GitHub Free it says what protects nothing, and that rulesets and environments cannot be seen', async () => {
  await start({ plan: 'free' })
  const found = red(await examine()).join('\n')
  expect(found).toMatch(
    /weak: GitHub Free protects no branch of a private repository and has no environments: what is left is that the roles/,
  )
  expect(found).toMatch(/unseen: the rules of main cannot be seen: Upgrade to GitHub Pro/)
  expect(found).toMatch(/unseen: the environments cannot be seen: Not Found/)
})

test('what the token may not read is said, one by one, and never taken as fine', async () => {
  await start()
  const found = await examine(world.gitHub.tokens.forPerson('reader', { contents: 'read' }))
  const text = red(found).join('\n')
  for (const what of [
    'the environments',
    'the form of the OIDC subject',
    'the permissions of the workflow token',
    'what Actions may run',
    'the labels',
  ])
    expect(text).toMatch(new RegExp(`unseen: ${what} cannot be seen: the token lacks the permission`))
  expect(text).toContain('unseen: who may bypass the rules of main is shown to administrators only')
  expect(
    found.filter(
      ({ status, message }) => status === 'ok' && /^(the environment|the workflow token|the OIDC|actions)/.test(message),
    ),
  ).toEqual([])
})

test('a repository that emits the subject by name is fine where delivery.json says so', async () => {
  const configuration = { ...example(), repository: { ...example().repository, subject: 'name' as const } }
  const state = await start({}, configuration)
  state.oidc.use_immutable_subject = false
  const found = await examine(undefined, configuration)
  expect(found.map(({ message }) => message)).toContain('the OIDC subject begins with repo:acme/shop')
})
