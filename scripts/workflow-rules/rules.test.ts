import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { exampleConfiguration } from '../../test/example.ts'
import type { Edit } from './edit.case.ts'
import { judge, type World } from './rule.ts'
import { callsCases } from './rules/calls.case.ts'
import { credentialsCases } from './rules/credentials.case.ts'
import { deliveryCases } from './rules/delivery.case.ts'
import { permissionsCases } from './rules/permissions.case.ts'
import { scriptsCases } from './rules/scripts.case.ts'
import { shapeCases } from './rules/shape.case.ts'
import { usesCases } from './rules/uses.case.ts'
import { rules } from './rules.ts'
import { readWorkflow } from './workflow.ts'

const folder = join(import.meta.dirname, 'fixtures')

const actions: World['actions'] = {
  'plan-delivery': { using: 'node24', inputs: ['operation', 'reason'], outputs: ['plan', 'build'] },
  'build-push-image': { using: 'node24', inputs: ['aws-account-id', 'role-to-assume'], outputs: ['digest'] },
  'deploy-service': { using: 'node24', inputs: ['plan', 'aws-account-id', 'role-to-assume'], outputs: ['outcome'] },
  old: { using: 'node20', inputs: [], outputs: [] },
}

const cases = {
  ...shapeCases,
  ...permissionsCases,
  ...usesCases,
  ...scriptsCases,
  ...credentialsCases,
  ...callsCases,
  ...deliveryCases,
}

const fixtures = globSync('*.yml', { cwd: folder })
  .toSorted()
  .map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') }))
const asTheyAre = fixtures.map(({ file, text }) => readWorkflow(file, text))
const configuration = exampleConfiguration()

/** The fixtures, one of them changed. A change that no longer fits is a mistake in the table. */
const worldWith = (edit?: Edit): World => ({
  actions,
  configuration,
  workflows: asTheyAre.map((workflow, index) => {
    const { file, text = '' } = fixtures[index] ?? {}
    if (edit === undefined || edit.file !== file) return workflow
    expect(text).toContain(edit.replace)
    return readWorkflow(
      edit.file,
      text.replace(edit.replace, () => edit.by),
    )
  }),
})

const found = (edit?: Edit): string[] => judge(rules, worldWith(edit)).map(({ rule, file }) => `${rule} in ${file}`)

test('nothing is found in the fixtures as they are', () => {
  expect(judge(rules, worldWith())).toEqual([])
})

describe.each(Object.entries(cases))('%s', (rule, { caught, passed }) => {
  test.each(caught)('finds $by in $file', (edit) => {
    expect(found(edit)).toContain(`${rule} in ${edit.file}`)
  })

  test.each(passed)('does not mind $by in $file', (edit) => {
    expect(found(edit)).not.toContain(`${rule} in ${edit.file}`)
  })
})

test('every rule has something that it finds and something that it does not mind', () => {
  expect(Object.keys(cases).toSorted()).toEqual(rules.map(({ id }) => id).toSorted())
  expect(Object.entries(cases).filter(([, { caught, passed }]) => caught.length === 0 || passed.length === 0)).toEqual([])
})

test('a finding names the line', () => {
  const edit = { file: 'ci.yml', replace: 'run: npm test', by: 'run: npx vitest' }
  expect(judge(rules, worldWith(edit))).toEqual([
    {
      rule: 'adhoc-packages',
      file: 'ci.yml',
      line: 24,
      message: "'npx' installs what no lock file names; only 'npm ci' does not",
    },
  ])
})
