import type { ConditionResult } from './evaluate.ts'
import { fileOf } from './nearest-role.ts'

/** What somebody should look at because this condition fails; a full sentence without its stop. */
export const advise = (condition: ConditionResult): string => {
  const { claim, expected, received } = condition
  if (received === undefined)
    return ABSENT[claim] ?? `the token has no claim '${claim}': it is not of a GitHub Actions job as AWS knows them`
  if (expected.some((value) => value.toLowerCase() === received.toLowerCase()))
    return `only upper and lower case differ, and they count: ${CASE[claim] ?? 'spell it as delivery.json does'}`
  return (
    PRESENT[claim]?.(condition, received) ?? `change what runs the job, or what delivery.json says, so that '${claim}' is equal`
  )
}

const ABSENT: Record<string, string> = {
  environment: "the job names no environment: give it 'environment:' in the called workflow",
  job_workflow_ref: 'the job is in no called workflow: a role trusts jobs of .github/workflows/_*.yml only',
}

const CASE: Record<string, string> = {
  environment: "write the job's 'environment:' as delivery.json does",
  sub: 'compare the owner, the repository and the environment in it, letter by letter, with delivery.json',
  ref: 'delete the branch that is spelled otherwise, or mend the branch in delivery.json',
  job_workflow_ref: 'compare owner, repository, file and branch letter by letter',
}

type Advice = (condition: ConditionResult, received: string) => string

const PRESENT: Record<string, Advice> = {
  aud: ({ expected }) =>
    `ask for the token with the audience ${expected[0]}, as the actions do: core.getIDToken('${expected[0]}')`,
  sub: (condition, received) => adviseSubject(condition.expected[0] ?? '', received),
  ref: ({ expected }, received) => {
    if (received.startsWith('refs/pull/')) return 'a job of a pull request gets no role: AWS is not touched before the merge'
    if (received.startsWith('refs/tags/')) return `a tag gets no role, whatever its name: run it on ${branches(expected)}`
    return `run it on ${branches(expected)}; where the branch is called otherwise, mend it in delivery.json`
  },
  environment: ({ expected }, received) =>
    `the job names the environment '${received}': this role is for '${expected.join("', '")}'; choose the role or the environment`,
  repository_id: (_, received) => adviseId('repository.id', 'gh api repos/OWNER/NAME --jq .id', received),
  repository_owner_id: (_, received) => adviseId('repository.ownerId', 'gh api repos/OWNER/NAME --jq .owner.id', received),
  job_workflow_ref: ({ expected }, received) => adviseWorkflow(expected, received),
}

const branches = (refs: string[]): string => refs.map((ref) => ref.replace('refs/heads/', '')).join(' or ')

const adviseId = (key: string, command: string, received: string): string =>
  `either this is another repository, as a fork is, or ${key} in delivery.json is wrong: ${command} must print ${received}`

/** `repo:acme@1/shop@2:environment:prod` in its parts; undefined for a subject that was customised. */
const SUBJECT = /^repo:(?<owner>[^/@]+)(?<ids>@\d+)?\/(?<name>[^:@]+)(?:@\d+)?:(?<context>.+)$/

const adviseSubject = (expected: string, received: string): string => {
  const wanted = SUBJECT.exec(expected)?.groups
  const got = SUBJECT.exec(received)?.groups
  if (got === undefined || wanted === undefined)
    return 'the subject was customised, which replaces all of it: see include_claim_keys in `gh api repos/OWNER/NAME/actions/oidc/customization/sub`, and set use_default'
  if (wanted['ids'] !== undefined && got['ids'] === undefined)
    return 'the repository emits the subject by name only: opt in to the immutable form, or say "subject": "name" in delivery.json and update the roles'
  if (wanted['ids'] === undefined && got['ids'] !== undefined)
    return 'the repository emits the immutable subject: take "subject": "name" out of delivery.json and update the roles'
  if (wanted['owner'] !== got['owner'] || wanted['name'] !== got['name'])
    return `the token is of ${got['owner']}/${got['name']}: renamed, or another repository; mend repository in delivery.json and update the roles`
  if (wanted['context'] === got['context'])
    return 'the ids in the subject differ: compare repository.id and repository.ownerId in delivery.json'
  return adviseContext(wanted['context'] ?? '', got['context'] ?? '')
}

const adviseContext = (wanted: string, got: string): string => {
  if (got === 'pull_request') return 'a job of a pull request gets no role: AWS is not touched before the merge'
  if (wanted.startsWith('environment:') && got.startsWith('ref:'))
    return `the job names no environment: give it 'environment: ${wanted.slice('environment:'.length)}'`
  if (wanted.startsWith('ref:') && got.startsWith('environment:'))
    return "the job names an environment, and jobs that only read name none: take 'environment:' out of it"
  return `it follows from the job's environment or branch: make that ${wanted.replace(/^\w+:/, '')}`
}

const adviseWorkflow = (expected: string[], received: string): string => {
  const wanted = expected[0] ?? ''
  const [, repository = ''] = /^([^/]+\/[^/]+)\//.exec(received) ?? []
  if (!wanted.startsWith(`${repository}/`))
    return `the called workflow is of ${repository}: our workflows are copied into the repository, not called from another one`
  if (!expected.map(fileOf).includes(fileOf(received)))
    return `the job sits in ${fileOf(received)}: a role trusts ${expected.map(fileOf).join(' or ')} only, called as ./.github/workflows/${fileOf(wanted)}`
  return `the called workflow comes from another ref: call it as ./.github/workflows/${fileOf(wanted)} on ${wanted.split('@refs/heads/')[1]}`
}
