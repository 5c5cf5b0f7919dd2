import { expect, test } from 'vitest'
import type { Configuration } from '../lib/delivery/configuration.ts'
import { identity, type Role } from '../lib/delivery/identity.ts'
import { roleUses } from '../scripts/workflow-rules/trust.ts'
import { trustFindings } from '../scripts/workflow-rules/trust-findings.ts'
import { readWorkflow, type Workflow } from '../scripts/workflow-rules/workflow.ts'
import { readWorld } from '../scripts/workflow-rules/world.ts'
import { exampleConfiguration } from './example.ts'

const { workflows } = readWorld('.')
const configuration = exampleConfiguration()
const { roles } = identity(configuration)

const findings = (given: { workflows?: Workflow[]; roles?: Role[]; configuration?: Configuration } = {}): string[] => {
  const configured = given.configuration ?? configuration
  return trustFindings(roleUses(given.workflows ?? workflows, configured), given.roles ?? roles, configured)
}

const changed = (file: string, change: (workflow: Workflow) => Workflow): Workflow[] =>
  workflows.map((workflow) => (workflow.file === file ? change(structuredCloneOf(workflow)) : workflow))

const structuredCloneOf = ({ lineOf, commentOf, ...data }: Workflow): Workflow => ({
  ...structuredClone(data),
  lineOf,
  commentOf,
})

const withJob = (file: string, key: string, by: Partial<Workflow['jobs'][string]>): Workflow[] =>
  changed(file, (workflow) => {
    const job = workflow.jobs[key]
    if (job === undefined) throw new Error(`${file} has no job ${key}`)
    return { ...workflow, jobs: { ...workflow.jobs, [key]: { ...job, ...by } } }
  })

const workflowsRenamed = (from: string, to: string): Workflow[] =>
  workflows.map((workflow) => ({
    ...workflow,
    file: workflow.file === from ? to : workflow.file,
    jobs: Object.fromEntries(
      Object.entries(workflow.jobs).map(([key, job]) => [key, { ...job, ...(job.uses && { uses: job.uses.replace(from, to) }) }]),
    ),
  }))

const preview = (): Workflow[] => {
  const called = `on: workflow_call\njobs:\n  create:\n    environment: $\{{ inputs.environment }}-preview\n    permissions:\n      id-token: write\n`
  const calling = `on: workflow_dispatch\njobs:\n  create:\n    uses: ./.github/workflows/_preview.yml\n`
  return [readWorkflow('_preview.yml', called), readWorkflow('preview.yml', calling)]
}

test('every job that asks for a role is trusted by exactly those that it needs, and every role is used', () => {
  expect(findings()).toEqual([])
})

test('each purpose that a workflow has is used, on each branch', () => {
  const seen = roleUses(workflows, configuration).map(({ file, branch, environment = '-' }) => `${file} ${branch} ${environment}`)
  expect([...new Set(seen)].toSorted()).toEqual([
    '_budget.yml main budget',
    '_build.yml dev build',
    '_build.yml main build',
    '_deploy.yml dev dev',
    '_deploy.yml main prod',
    '_deploy.yml staging staging',
    '_infra.yml dev -',
    '_infra.yml dev dev-infra',
    '_infra.yml main -',
    '_infra.yml main prod-infra',
    '_infra.yml staging -',
    '_infra.yml staging staging-infra',
    '_plan.yml dev -',
    '_plan.yml main -',
    '_plan.yml staging -',
    '_reconcile.yml dev -',
    '_reconcile.yml main -',
    '_reconcile.yml staging -',
  ])
})

test.each([
  ['a job that names another environment', withJob('_build.yml', 'build', { environment: 'builds' })],
  ['a job that names no environment', withJob('_build.yml', 'build', { environment: undefined })],
  ['a reader that names an environment', withJob('_plan.yml', 'plan', { environment: 'dev' })],
  ['a build on a branch on which no role builds', withJob('deliver.yml', 'plan', { with: { operation: 'promote' } })],
  ['a called workflow that gets another name', workflowsRenamed('_deploy.yml', '_ship.yml')],
  ['no workflow that builds', workflows.filter(({ file }) => file !== '_build.yml')],
  ['a workflow for something new', [...workflows, ...preview()]],
  ['infrastructure that is prepared where it is approved', withJob('_infra.yml', 'prepare', { environment: 'dev-infra' })],
  ['infrastructure that nobody approves', withJob('_infra.yml', 'execute', { environment: undefined })],
])('a change of the workflows alone is found: %s', (_, workflowsNow) => {
  expect(findings({ workflows: workflowsNow })).not.toEqual([])
})

const trusting = (name: string, from: string, to: string): Role[] =>
  roles.map((role) =>
    role.name === name ? { ...role, trust: JSON.parse(JSON.stringify(role.trust).replaceAll(from, to)) } : role,
  )

test.each([
  ['a role is gone', roles.filter(({ name }) => name !== 'shop-staging-deploy')],
  ['a role is there twice', roles.flatMap((role) => (role.name === 'shop-dev-deploy' ? [role, role] : [role]))],
  [
    'a role for something that no workflow does',
    [...roles, ...roles.slice(0, 1).map((role) => ({ ...role, environment: 'qa' }))],
  ],
  ['another file is trusted', trusting('shop-dev-deploy', '_deploy.yml', '_infra.yml')],
  ['another branch is trusted', trusting('shop-prod-deploy', 'refs/heads/main', 'refs/heads/staging')],
  ['the roles of two environments trust the same job', trusting('shop-staging-deploy', 'staging', 'dev')],
  ['upper case', trusting('shop-prod-deploy', ':environment:prod', ':environment:Prod')],
])('a change of the roles alone is found: %s', (_, rolesNow) => {
  expect(findings({ roles: rolesNow })).not.toEqual([])
})

test('a change of delivery.json changes both sides', () => {
  const { prod, ...environments } = configuration.environments
  if (prod === undefined) throw new Error('delivery.json has no prod')
  const renamed = { ...configuration, environments: { ...environments, prod: { ...prod, branch: 'production' } } }
  expect(findings({ configuration: renamed })).not.toEqual([])
  expect(findings({ configuration: renamed, roles: identity(renamed).roles })).toEqual([])
})
