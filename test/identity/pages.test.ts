import { globSync } from 'node:fs'
import { expect, test } from 'vitest'
import { read, root } from '../docs-commands.ts'
import { INTENDED } from './jobs.case.ts'

const called = globSync('.github/workflows/_*.yml', { cwd: root })

test.each([
  ['plan-delivery', 'read'],
  ['reconcile-delivery', 'read'],
  ['budget-report', 'budget'],
])('the page of %s names the file that the %s roles trust', (action, purpose) => {
  const users = called.filter((path) => read(path).includes(`uses: ./actions/${action}\n`)).map((path) => path.split('/').at(-1))
  const trusted = new Set(INTENDED[`shop-prod-${purpose}`]?.map(({ file }) => file))
  const files = users.filter((file) => file !== undefined && trusted.has(file))
  expect(files).toHaveLength(1)
  expect(read(`actions/${action}/README.md`)).toContain(`\`${purpose}\` roles trust the called workflow \`${files[0]}\``)
})
