import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

// A copy in a folder of its own, with programs in place of Go and Python: nothing is fetched.
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-tools-'))
  for (const name of ['scripts', 'programs']) mkdirSync(join(folder, name))
  copyFileSync(join(import.meta.dirname, 'tools.ts'), join(folder, 'scripts/tools.ts'))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
})

afterEach(() => rmSync(folder, { recursive: true }))

const program = (name: string, script: string): void =>
  writeFileSync(join(folder, 'programs', name), `#!/bin/sh\necho "$*" >> '${folder}/calls'\n${script}\n`, { mode: 0o755 })

const calls = (): string[] => readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n')

const install = (...names: string[]) => installWith('/usr/bin:/bin', names)

const installWith = (path: string, names: string[]) =>
  new Promise<{ exitCode: number; stdout: string; stderr: string }>((resolve) => {
    const env = { PATH: `${join(folder, 'programs')}:${path}`, HOME: folder }
    execFile(process.execPath, [join(folder, 'scripts/tools.ts'), ...names], { env }, (error, stdout, stderr) =>
      resolve({ exitCode: error === null ? 0 : 1, stdout, stderr }),
    )
  })

const go = 'sleep 0.2; mkdir -p "$GOBIN" && touch "$GOBIN/act"'
const python = 'while [ "$1" != --target ]; do shift; done; mkdir -p "$2/bin" && touch "$2/bin/zizmor"'

test('a tool is installed once, in its version, and found again', async () => {
  program('go', go)
  const first = await install('act')
  const second = await install('act')
  expect(first).toMatchObject({ exitCode: 0, stdout: `${folder}/.slipway/tools/act-0.2.87/bin/act\n` })
  expect(second).toEqual({ exitCode: 0, stdout: first.stdout, stderr: '' })
  expect(calls()).toEqual(['install github.com/nektos/act@v0.2.87'])
})

test('a package of Python is taken as a wheel, which runs no code to be installed', async () => {
  program('python3', python)
  expect(await install('zizmor')).toMatchObject({ exitCode: 0, stdout: `${folder}/.slipway/tools/zizmor-1.32.0/bin/zizmor\n` })
  expect(calls()).toEqual([expect.stringMatching(/^-m pip install .*--only-binary=:all: .*zizmor==1\.32\.0$/)])
})

test('two that install the same at once both get it, and nothing is left over', async () => {
  program('go', go)
  const [one, other] = await Promise.all([install('act'), install('act')])
  expect([one.exitCode, other.exitCode]).toEqual([0, 0])
  expect(readdirSync(join(folder, '.slipway/tools'))).toEqual(['act-0.2.87'])
})

test('an installation that fails says why, and leaves nothing', async () => {
  program('go', 'mkdir -p "$GOBIN" && touch "$GOBIN/other"; echo "no such module" >&2; exit 1')
  const { exitCode, stderr } = await install('act')
  expect(exitCode).toBe(1)
  expect(stderr).toBe(
    "installing act 0.2.87 into .slipway/tools\n'go install github.com/nektos/act@v0.2.87' failed; no such module\n",
  )
  expect(readdirSync(join(folder, '.slipway/tools'))).toEqual([])
})

test('what is missing on the machine is named with the way to get it', async () => {
  const { stderr } = await installWith('', ['act'])
  expect(stderr).toContain('failed; install Go (https://go.dev/dl, or apt-get install golang-go)')
})

test('a name that no tool has is refused', async () => {
  expect(await install('actionlnt')).toMatchObject({
    exitCode: 1,
    stderr: "no tool is called 'actionlnt'; known: act, actionlint, zizmor, shellcheck\n",
  })
})
