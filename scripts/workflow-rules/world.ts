import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { parseConfiguration } from '../../lib/delivery/parse.ts'
import type { ActionContract, World } from './rule.ts'
import { readWorkflow } from './workflow.ts'

const entries = z.record(z.string(), z.unknown()).default({})
const manifest = z.looseObject({ inputs: entries, outputs: entries, runs: z.looseObject({ using: z.string() }) })

/** The workflows that come with this repository, and are checked. What a team adds beside them no role trusts, and is its own matter. */
const SHIPPED = [
  ...['_budget', '_build', '_deploy', '_infra', '_plan', '_reconcile', 'budget', 'ci', 'deliver', 'hotfix', 'infra', 'promote'],
  ...['reconcile', 'release', 'rollback'],
]

export const shippedWorkflows = SHIPPED.map((name) => `.github/workflows/${name}.yml`)

/** What is checked: the workflows, actions and configuration of a checkout. */
export const readWorld = (root: string): World => ({
  workflows: shippedWorkflows.map((path) => readWorkflow(basename(path), readFileSync(join(root, path), 'utf8'))),
  actions: Object.fromEntries(
    globSync('actions/*/action.yml', { cwd: root }).map((path) => [basename(dirname(path)), contractOf(join(root, path))]),
  ),
  configuration: parseConfiguration(readFileSync(join(root, 'delivery.json'), 'utf8')),
})

const contractOf = (path: string): ActionContract => {
  const { inputs, outputs, runs } = manifest.parse(parse(readFileSync(path, 'utf8')))
  return { using: runs.using, inputs: Object.keys(inputs), outputs: Object.keys(outputs) }
}
