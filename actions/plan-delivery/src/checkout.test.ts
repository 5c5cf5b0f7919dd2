import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { checkout } from './checkout.ts'

const folder = mkdtempSync(join(tmpdir(), 'plan-checkout-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const git = (...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: folder, encoding: 'utf8' }).trim()

let commit: string
beforeAll(() => {
  git('init', '-q')
  mkdirSync(join(folder, 'app'))
  writeFileSync(join(folder, 'delivery.json'), '{ "project": "shöp" }\n')
  writeFileSync(join(folder, 'app/Dockerfile'), 'FROM scratch\n')
  git('add', '-A')
  git('commit', '-q', '-m', 'first')
  commit = git('rev-parse', 'HEAD')
  writeFileSync(join(folder, 'delivery.json'), 'changed in the working directory')
})

it('reads a file as the commit has it, not as the working directory does', async () => {
  expect(await checkout(folder, commit).file('delivery.json')).toBe('{ "project": "shöp" }\n')
})

it('finds the trees of the commit', async () => {
  const objects = await checkout(folder, commit).objects(['app', 'gone'])
  expect([...objects]).toEqual([['app', { id: git('rev-parse', 'HEAD:app'), type: 'tree' }]])
})

it.each([
  ['other.json', /'other\.json' is not a file of commit [0-9a-f]{12}: commit it, or correct input 'config'/],
  ['app', /'app' is not a file of commit/],
])('refuses %s, which is no file of the commit', async (path, message) => {
  await expect(checkout(folder, commit).file(path)).rejects.toThrow(message)
})

it('refuses a commit that the clone does not have, and a folder that is no clone', async () => {
  await expect(checkout(folder, 'f'.repeat(40)).file('delivery.json')).rejects.toThrow(/is not in the repository/)
  await expect(checkout(tmpdir(), commit).file('delivery.json')).rejects.toThrow(/is not a git repository: run actions\/checkout/)
})
