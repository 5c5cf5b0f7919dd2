import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Engine, ensureEngine } from '../local/engine/engine.ts'
import { exampleText } from '../test/example.ts'

const root = join(import.meta.dirname, '..')
const repository = mkdtempSync(join(tmpdir(), 'slipway-build-images-'))
let engine: Engine

const git = (...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.org', ...args], { cwd: repository, encoding: 'utf8' })

const commit = (dockerfile: string): void => {
  writeFileSync(join(repository, 'app/Dockerfile'), dockerfile)
  git('add', '.')
  git('commit', '--quiet', '--message', 'a commit')
}

const buildImages = () =>
  new Promise<{ exitCode: number; output: string }>((resolve) => {
    const env = { ...process.env, ...engine.env }
    execFile(process.execPath, [join(root, 'scripts/build-images.ts')], { cwd: repository, env }, (error, stdout, stderr) =>
      resolve({ exitCode: error === null ? 0 : 1, output: stdout + stderr }),
    )
  })

beforeAll(async () => {
  engine = await ensureEngine({ home: join(root, '.slipway'), say: console.error, install: true })
  git('init', '--quiet')
  mkdirSync(join(repository, 'app'))
  writeFileSync(join(repository, 'delivery.json'), exampleText())
  writeFileSync(join(repository, 'app/file'), 'as committed')
})

afterAll(async () => {
  await engine?.stop()
  rmSync(repository, { recursive: true })
})

test('every image of delivery.json is built from the commit, without a push and without AWS', async () => {
  commit('FROM scratch\nCOPY file /\n')
  const first = await buildImages()
  writeFileSync(join(repository, 'app/file'), 'as it is in the folder')
  const second = await buildImages()
  expect(first).toMatchObject({ exitCode: 0, output: expect.stringMatching(/image app: sha256:[0-9a-f]{64}\n/) })
  expect(/image app: .*/.exec(second.output)?.[0]).toBe(/image app: .*/.exec(first.output)?.[0])
})

test('a build that fails says why, and ends red', async () => {
  commit('FROM scratch\nCOPY missing /\n')
  const { exitCode, output } = await buildImages()
  expect(exitCode).toBe(1)
  expect(output).toMatch(/the build failed: .*missing/)
  expect(output).not.toMatch(/^ +at /m)
})
