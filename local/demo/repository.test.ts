import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createRepository } from './repository.ts'

let base = ''
const git = (folder: string, ...args: string[]): string =>
  execFileSync('git', ['-C', join(base, folder), '-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
    encoding: 'utf8',
  }).trim()

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'repository-'))
  mkdirSync(join(base, 'project/app/src'), { recursive: true })
  writeFileSync(join(base, 'project/app/src/server.ts'), 'serve()\n')
  writeFileSync(join(base, 'project/app/.gitignore'), 'dist/\n')
  writeFileSync(join(base, 'project/delivery.json'), '{}\n')
  git('project', 'init', '--quiet')
  git('project', 'add', '--all')
  git('project', 'commit', '--quiet', '--message', 'one')
})
afterEach(() => rmSync(base, { recursive: true }))

const create = () => createRepository(join(base, 'project'), join(base, 'copy'), ['dev', 'staging', 'main'])

test('the first commit has the trees of the project, whatever its folder holds', async () => {
  writeFileSync(join(base, 'project/app/src/server.ts'), 'not committed\n')
  const { origin } = await create()
  expect(git('copy', 'rev-parse', 'dev:app')).toBe(git('project', 'rev-parse', 'HEAD:app'))
  expect(git('copy', 'rev-parse', 'dev:delivery.json')).toBe(git('project', 'rev-parse', 'HEAD:delivery.json'))
  expect(origin).toMatch(/^commit [0-9a-f]{7} of this clone; what is not committed has no part in it$/)
})

test('where the project is no checkout its files are taken, without what was installed or built', async () => {
  const tree = git('project', 'rev-parse', 'HEAD:app')
  cpSync(join(base, 'project'), join(base, 'plain'), { recursive: true })
  rmSync(join(base, 'plain/.git'), { recursive: true })
  for (const folder of ['node_modules', 'dist']) {
    mkdirSync(join(base, 'plain/app', folder))
    writeFileSync(join(base, 'plain/app', folder, 'x.js'), '')
  }
  const { origin } = await createRepository(join(base, 'plain'), join(base, 'copy'), ['dev'])
  expect(git('copy', 'rev-parse', 'dev:app')).toBe(tree)
  expect(origin).toContain('no git checkout')
})

test('a promotion is a merge commit with the tree of its source, and a reverted change gives the tree before it', async () => {
  const repository = await create()
  const first = await repository.head('dev')
  const merged = await repository.merge('dev', 'staging')
  expect(git('copy', 'rev-list', '--parents', '-1', merged).split(' ')).toHaveLength(3)
  expect(git('copy', 'rev-parse', `${merged}^{tree}`)).toBe(git('copy', 'rev-parse', `${first}^{tree}`))
  const changed = await repository.change('dev', 'app/src/server.ts', (text) => `${text}throw 1\n`, 'break')
  expect(git('copy', 'rev-parse', `${changed}:app`)).not.toBe(git('copy', 'rev-parse', `${first}:app`))
  const reverted = await repository.revert('dev')
  expect(git('copy', 'rev-parse', `${reverted}:app`)).toBe(git('copy', 'rev-parse', `${first}:app`))
})

test('a change that changes nothing is an error that names the file', async () => {
  const { change } = await create()
  await expect(change('dev', 'app/src/server.ts', (text) => text, 'nothing')).rejects.toThrow('app/src/server.ts')
})
