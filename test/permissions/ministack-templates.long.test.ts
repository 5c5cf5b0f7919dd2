import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tryTemplates } from './ministack-run.ts'
import { renderTried } from './ministack-table.ts'

test('the templates deploy to MiniStack as far as the page says, and leave nothing', async () => {
  const { tried, trouble } = await tryTemplates(console.log)
  expect(trouble).toEqual([])
  expect(renderTried(tried)).toBe(readFileSync(join(import.meta.dirname, '../../docs/templates.md'), 'utf8'))
})
