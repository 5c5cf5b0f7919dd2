import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { branchHead, commitsBetween, isAncestor, known, parentsOf, treesOf } from './history.ts'
import { mergeTree } from './merge.ts'
import { treeSource } from './tree.ts'

const base = mkdtempSync(join(tmpdir(), 'git-merge-test-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))

let folder: string
const git = (...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'commit.gpgsign=false', ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim()
const commit = (branch: string, path: string, content: string, message = 'change'): string => {
  git('checkout', '-q', branch)
  writeFileSync(join(folder, path), content)
  git('add', '-A')
  git('commit', '-q', '--cleanup=verbatim', '-m', message)
  return git('rev-parse', 'HEAD')
}

let first: string
beforeEach(() => {
  folder = mkdtempSync(join(base, 'repository-'))
  git('init', '-q', '-b', 'dev')
  writeFileSync(join(folder, 'a'), '1\n')
  git('add', '-A')
  git('commit', '-q', '-m', 'first')
  first = git('rev-parse', 'HEAD')
  git('branch', 'staging')
})

test('the tree of a merge is that of the merge commit, and no branch or file is touched', async () => {
  const head = commit('dev', 'a', '2\n')
  const own = commit('staging', 'b', '1\n')
  const status = git('status', '--porcelain')
  const merge = await mergeTree(folder, own, head)
  expect([git('rev-parse', 'staging'), git('status', '--porcelain')]).toEqual([own, status])
  git('merge', '-q', '--no-edit', 'dev')
  expect(merge).toEqual({ tree: git('rev-parse', 'HEAD^{tree}') })
  expect(await parentsOf(folder, git('rev-parse', 'HEAD'))).toEqual([own, head])
  const source = treeSource(folder, git('rev-parse', 'HEAD^{tree}'), 'the merge')
  expect(await source.file('a')).toBe('2\n')
  expect(await source.objects(['a', 'gone', ''])).toEqual(
    new Map([
      ['a', { id: git('rev-parse', 'HEAD:a'), type: 'blob' }],
      ['', { id: git('rev-parse', 'HEAD^{tree}'), type: 'tree' }],
    ]),
  )
  await expect(source.file('gone')).rejects.toThrow(
    "'gone' is not a file of the merge: commit it there, or correct input 'config'",
  )
})

test('a conflict names its files, whatever they are called', async () => {
  const name = 'b "ü"\n'
  const head = commit('dev', name, '1\n')
  const own = commit('staging', name, '2\n')
  expect(await mergeTree(folder, own, head)).toEqual({ conflicts: [name] })
})

test('a shallow clone and branches without a common ancestor are refused in words', async () => {
  const head = commit('dev', 'a', '2\n')
  git('checkout', '-q', '--orphan', 'other')
  git('commit', '-q', '-m', 'unrelated')
  await expect(mergeTree(folder, git('rev-parse', 'HEAD'), head)).rejects.toThrow(/have no common ancestor/)
  const clone = mkdtempSync(join(base, 'clone-'))
  git('clone', '-q', '--depth', '1', '--branch', 'dev', `file://${folder}`, clone)
  await expect(mergeTree(clone, head, head)).rejects.toThrow(
    "is shallow and does not know where the branches parted: give actions/checkout 'fetch-depth: 0'",
  )
})

test('a history is read as it was written, newest first and no longer than asked', async () => {
  const one = commit('dev', 'a', '2\n', 'One\u001f (#1)\n\nbody\r\n\n- x\u0001')
  const two = commit('dev', 'a', '3\n', 'Zwei ü')
  const all = await commitsBetween(folder, first, two, 10)
  expect(all).toEqual([
    { id: two, tree: git('rev-parse', `${two}^{tree}`), parents: [one], message: 'Zwei ü' },
    { id: one, tree: git('rev-parse', `${one}^{tree}`), parents: [first], message: 'One\u001f (#1)\n\nbody\r\n\n- x\u0001' },
  ])
  expect((await commitsBetween(folder, first, two, 1)).map(({ id }) => id)).toEqual([two])
  expect(await commitsBetween(folder, two, first, 10)).toEqual([])
  expect([await isAncestor(folder, first, two), await isAncestor(folder, two, first)]).toEqual([true, false])
})

test('branches are those that were fetched, else those that are here', async () => {
  const here = commit('dev', 'a', '2\n')
  expect(await branchHead(folder, 'dev')).toBe(here)
  git('update-ref', 'refs/remotes/origin/dev', first)
  expect(await branchHead(folder, 'dev')).toBe(first)
  expect(await branchHead(folder, 'gone')).toBeUndefined()
  const missing = '0'.repeat(40)
  expect(await known(folder, [first, missing])).toEqual(new Set([first]))
  expect(await treesOf(folder, [missing, first])).toEqual(new Map([[first, git('rev-parse', `${first}^{tree}`)]]))
  expect(await treesOf(folder, [])).toEqual(new Map())
})
