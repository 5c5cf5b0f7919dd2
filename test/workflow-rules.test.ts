import { globSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { examples } from '../scripts/workflow-rules/examples.ts'
import { gitHubProblems } from '../scripts/workflow-rules/github-parser.ts'
import { judge } from '../scripts/workflow-rules/rule.ts'
import { rules } from '../scripts/workflow-rules/rules.ts'
import { readWorld, shippedWorkflows } from '../scripts/workflow-rules/world.ts'

const files = [...shippedWorkflows, ...globSync('actions/*/action.yml').toSorted()]

const step = (uses: string, input: string): string =>
  `jobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: ${uses}\n        with:\n          ${input}`

const call = (input: string): string => `jobs:\n  a:\n    uses: ./.github/workflows/_deploy.yml\n    with:\n      ${input}`

test('our rules find nothing in the workflows', () => {
  const world = readWorld('.')
  expect(world.workflows.length).toBeGreaterThanOrEqual(11)
  expect(judge(rules, world)).toEqual([])
})

test('the documentation names every workflow, every input of a person and every rule', () => {
  const { workflows } = readWorld('.')
  const inputs = workflows.flatMap(({ on }) => Object.keys(on['workflow_dispatch']?.inputs ?? {}))
  const names = [...workflows.map(({ file }) => file), ...inputs, ...rules.map(({ id }) => id)]
  const documentation = readFileSync('docs/workflows.md', 'utf8')
  expect(names.filter((name) => !documentation.includes(`\`${name}\``))).toEqual([])
})

describe("GitHub's own parser", () => {
  test.each(files)('finds nothing in %s', async (path) => {
    expect(await gitHubProblems(path, readFileSync(path, 'utf8'))).toEqual([])
  })

  test.each(examples())('finds nothing in the example $path', async ({ path, text }) => {
    expect(await gitHubProblems(path, text)).toEqual([])
  })

  test('there are examples', () => {
    expect(examples().length).toBeGreaterThan(3)
  })

  test.each([
    ['a permission that does not exist', 'permissions:\n  idtoken: write', "Unexpected value 'idtoken'"],
    ['a context that does not exist', 'env:\n  A: $' + '{{ gihub.sha }}', 'Unrecognized named-value'],
    ['an input that an action does not have', step('./actions/deploy-service', 'tagret: ecs'), "Invalid action input 'tagret'"],
    [
      'the same by a full reference',
      step('OWNER/slipway/actions/deploy-service@v1', 'tagret: ecs'),
      "Invalid action input 'tagret'",
    ],
    [
      'an input that an action requires',
      step('./actions/build-push-image', 'context: app'),
      'Missing required inputs: `repository`',
    ],
    [
      'an input that a called workflow does not have',
      call('plam: x\n      environment: dev'),
      'Invalid input, plam is not defined',
    ],
    ['an input that a called workflow requires', call('environment: dev'), 'Input plan is required'],
  ])('finds %s', async (name, part, message) => {
    const text = `on: push\n${part.startsWith('jobs') ? '' : 'jobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo\n'}${part}\n`
    expect((await gitHubProblems(`${name}.yml`, text)).join('\n')).toContain(message)
  })
})
