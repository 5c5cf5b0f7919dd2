import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'

it('lib/host/program.ts is what its parts give', () => {
  const script = join(import.meta.dirname, 'host-program.ts')
  expect(execFileSync(process.execPath, [script, '--check'], { encoding: 'utf8' })).toBe('')
})
