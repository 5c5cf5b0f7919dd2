import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { contentTag, type ImageDeclaration, objectPaths } from './delivery/tag.ts'
import { exportPaths, objectsOf } from './git.ts'

const base = mkdtempSync(join(tmpdir(), 'git-test-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))

let folder: string
const git = (...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'commit.gpgsign=false', ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim()
const write = (path: string, content: string): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), content)
}
const commit = (message: string): string => {
  git('add', '-A')
  git('commit', '-q', '-m', message)
  return git('rev-parse', 'HEAD')
}
const tagAt = async (revision: string, image: ImageDeclaration = { context: 'app' }): Promise<string> =>
  contentTag(image, (await objectsOf(folder, revision, objectPaths(image))).objects)

beforeEach(() => {
  folder = mkdtempSync(join(base, 'repository-'))
  git('init', '-q', '-b', 'dev')
  write('app/Dockerfile', 'FROM scratch\n')
  write('app/src/server.js', 'serve()\n')
  write('app/run.sh', '#!/bin/sh\n')
  write('lib/shared.js', 'x\n')
  write('README.md', 'hello\n')
  commit('first')
})

describe('content tag of a real repository', () => {
  it('is the tree id of one plain folder', async () => {
    expect(await tagAt('HEAD')).toBe(`src-${git('rev-parse', 'HEAD:app')}`)
  })

  it('is the same on dev, in a merge commit, in a squash, and in a clone of depth 1', async () => {
    git('branch', 'main')
    write('app/src/server.js', 'serveBetter()\n')
    const dev = await tagAt(commit('work on dev'))
    git('checkout', '-q', 'main')
    git('merge', '-q', '--no-ff', '-m', 'merge dev', 'dev')
    const merged = await tagAt('HEAD')
    git('checkout', '-q', '-b', 'other', 'HEAD~1')
    git('merge', '-q', '--squash', 'dev')
    const squashed = await tagAt(commit('squash dev'))
    const clone = mkdtempSync(join(base, 'clone-'))
    git('clone', '-q', '--depth', '1', '--branch', 'main', `file://${folder}`, clone)
    folder = clone
    expect([merged, squashed, await tagAt('HEAD')]).toEqual([dev, dev, dev])
  })

  it('changes when a file becomes executable, and not with files elsewhere', async () => {
    const before = await tagAt('HEAD')
    write('README.md', 'changed\n')
    expect(await tagAt(commit('readme'))).toBe(before)
    chmodSync(join(folder, 'app/run.sh'), 0o755)
    expect(await tagAt(commit('executable'))).not.toBe(before)
  })

  it('does not see the working directory', async () => {
    const before = await tagAt('HEAD')
    write('app/src/server.js', 'uncommitted\n')
    write('app/new.js', 'untracked\n')
    expect(await tagAt('HEAD')).toBe(before)
  })

  it('follows further inputs and a Dockerfile outside the context', async () => {
    write('docker/app.Dockerfile', 'FROM scratch\n')
    const image = { context: 'app', dockerfile: 'docker/app.Dockerfile', inputs: ['lib'] }
    const first = await tagAt(commit('dockerfile'), image)
    write('lib/shared.js', 'y\n')
    const second = await tagAt(commit('input'), image)
    write('docker/app.Dockerfile.dockerignore', 'src\n')
    const third = await tagAt(commit('ignore'), image)
    expect(new Set([first, second, third]).size).toBe(3)
  })

  it('takes the whole repository as context', async () => {
    write('Dockerfile', 'FROM scratch\n')
    commit('root')
    expect(await tagAt('HEAD', { context: '.' })).toBe(`src-${git('rev-parse', 'HEAD^{tree}')}`)
  })

  it.each([
    ['a context that is not there', { context: 'missing' }, "the context 'missing' is not in the commit"],
    [
      'a context that is a file',
      { context: 'README.md' },
      "the context 'README.md' must be a folder of the commit, it is a blob",
    ],
    ['a Dockerfile that is not there', { context: 'lib' }, "the dockerfile 'lib/Dockerfile' is not in the commit"],
    ['an input that is not there', { context: 'app', inputs: ['nope'] }, "the input 'nope' is not in the commit"],
  ])('refuses %s', async (_, image, message) => {
    await expect(tagAt('HEAD', image)).rejects.toThrow(message)
  })

  it('says when the commit is not there', async () => {
    await expect(tagAt('0123456789012345678901234567890123456789')).rejects.toThrow(
      /commit '0123456789.*' is not in the repository at .*check it out first/,
    )
  })

  it('says when there is no repository', async () => {
    await expect(objectsOf(base, 'HEAD', ['app'])).rejects.toThrow(/is not a git repository: run actions\/checkout/)
    await expect(objectsOf(join(base, 'nowhere'), 'HEAD', ['app'])).rejects.toThrow(/git could not be started in/)
  })
})

describe('export of paths', () => {
  const exported = async (...paths: string[]): Promise<string> => {
    const destination = join(mkdtempSync(join(base, 'export-')), 'tree')
    await exportPaths(folder, git('rev-parse', 'HEAD'), paths, destination)
    return destination
  }
  const listing = (path: string): string[] => (readdirSync(path, { recursive: true }) as string[]).toSorted()

  it('writes what the commit has, only these paths, and leaves the clone alone', async () => {
    symlinkSync('src/server.js', join(folder, 'app/link'))
    commit('link')
    write('app/src/server.js', 'uncommitted\n')
    write('app/untracked', '')
    const status = git('status', '--porcelain')
    const destination = await exported('app', 'README.md')
    expect(listing(destination)).toEqual([
      'README.md',
      'app',
      'app/Dockerfile',
      'app/link',
      'app/run.sh',
      'app/src',
      'app/src/server.js',
    ])
    expect(readFileSync(join(destination, 'app/src/server.js'), 'utf8')).toBe('serve()\n')
    expect(lstatSync(join(destination, 'app/link')).isSymbolicLink()).toBe(true)
    expect(listing(dirname(destination))).toEqual(['tree', ...listing(destination).map((path) => `tree/${path}`)])
    expect(git('status', '--porcelain')).toBe(status)
  })

  it('gives the same modes under any umask', async () => {
    chmodSync(join(folder, 'app/run.sh'), 0o755)
    commit('executable')
    const umask = process.umask(0o077)
    const destination = await exported('app').finally(() => process.umask(umask))
    const mode = (path: string): string => (lstatSync(join(destination, path)).mode & 0o777).toString(8)
    expect([mode('app'), mode('app/src'), mode('app/run.sh'), mode('app/Dockerfile')]).toEqual(['755', '755', '755', '644'])
  })

  it('takes attributes from the commit and ignores the hooks and the attributes of the clone', async () => {
    write('.git/hooks/post-index-change', '#!/bin/sh\ntouch "$GIT_WORK_TREE/hooked"\n')
    chmodSync(join(folder, '.git/hooks/post-index-change'), 0o755)
    write('.gitattributes', '*.js text eol=crlf\n')
    const before = await exported('')
    commit('attributes')
    const after = await exported('')
    const server = (tree: string): string => readFileSync(join(tree, 'app/src/server.js'), 'utf8')
    expect([server(before), server(after)]).toEqual(['serve()\n', 'serve()\r\n'])
    expect(listing(after)).not.toContain('hooked')
  })

  it('exports the whole repository, names with spaces and brackets included', async () => {
    write('a b/[x].txt', 'ok')
    commit('odd names')
    expect(readFileSync(join(await exported('a b'), 'a b/[x].txt'), 'utf8')).toBe('ok')
    expect(listing(await exported(''))).toContain('README.md')
  })

  it('refuses a submodule', async () => {
    git('update-index', '--add', '--cacheinfo', `160000,${git('rev-parse', 'HEAD')},app/vendored`)
    git('commit', '-q', '-m', 'submodule')
    await expect(exported('app')).rejects.toThrow("the submodule 'app/vendored' cannot be part of an image")
  })
})
