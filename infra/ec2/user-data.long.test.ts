import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { installTool } from '../../scripts/tools.ts'
import { filesOf, serviceOf, userDataOf, WORKER } from './ec2.case.ts'

// shellcheck needs Python to be installed, which `npm test` must do without.

const ended = (program: string, args: string[], input = '') =>
  new Promise<{ code: number | string; output: string }>((resolve) => {
    const child = execFile(program, args, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, output: `${stdout}${stderr}` }),
    )
    child.stdin?.end(input)
  })

const userData = {
  'a published service with a domain': userDataOf(serviceOf({ variables: { NAME: "it's" } }, 'prod')),
  'one without': userDataOf(serviceOf()),
  'a worker': userDataOf(serviceOf(WORKER)),
}

test.each(Object.entries(userData))('shellcheck finds nothing in the user data of %s, nor in its boot step', async (_, text) => {
  const shellcheck = await installTool('shellcheck', console.log)
  for (const script of [text, filesOf(text)['/usr/local/sbin/slipway-boot'] ?? '']) {
    expect(await ended(shellcheck, ['--shell', 'bash', '--format', 'gcc', '-'], script)).toEqual({ code: 0, output: '' })
  }
  const wrong = text.replace('-tls:/data" "$1"', '-tls:/data" $1')
  expect((await ended(shellcheck, ['--shell', 'bash', '--format', 'gcc', '-'], wrong)).output).toContain('[SC2086]')
})

test('systemd finds nothing wrong with the boot unit, where the machine has systemd', async ({ skip }) => {
  if ((await ended('systemd-analyze', ['--version'])).code !== 0) skip('there is no systemd-analyze')
  const folder = mkdtempSync(join(tmpdir(), 'unit-'))
  try {
    const unit = filesOf(userData['one without'])['/etc/systemd/system/slipway-edge.service'] ?? ''
    // It looks whether the program is there.
    const there = unit.replace('/usr/local/sbin/slipway-boot', '/bin/true')
    const verify = (text: string) => {
      const file = join(folder, 'slipway-edge.service')
      writeFileSync(file, text)
      return ended('systemd-analyze', ['verify', '--man=no', '--recursive-errors=no', file])
    }
    expect(await verify(there)).toEqual({ code: 0, output: '' })
    expect((await verify(there.replace('Restart=on-failure', 'Restart=sometimes'))).output).toMatch(/restart specifier/)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
