import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hostShellcheck } from '../../scripts/workflow-rules/linters.ts'

// No Docker: it needs Python, which `npm test` must do without.

test('shellcheck finds nothing in the program on hosts', async () => expect(await hostShellcheck('.', console.log)).toEqual([]))

test('and it really looks', async () => {
  const copy = mkdtempSync(join(tmpdir(), 'slipway-host-'))
  try {
    cpSync('lib/host/program', join(copy, 'lib/host/program'), { recursive: true })
    const part = join(copy, 'lib/host/program/40-proxy.sh')
    const text = readFileSync(part, 'utf8')
    writeFileSync(part, text.replace('slot "$1" drain ||', 'slot $1 drain ||'))
    expect(await hostShellcheck(copy, console.log)).toEqual([
      expect.stringMatching(/^lib\/host\/program\/40-proxy\.sh:\d+: Double quote to prevent globbing.*\[SC2086\]$/),
    ])
  } finally {
    rmSync(copy, { recursive: true })
  }
})
