import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { attempt, run } from '../engine/command.ts'

/** A repository like the user's, with the branches of the environments; its commits are what is delivered. */
export type Repository = {
  folder: string
  /** Where the first commit came from, in words. */
  origin: string
  /** Changes a file on a branch and commits. Returns the new commit. */
  change(branch: string, path: string, edit: (text: string) => string, message: string): Promise<string>
  /** Takes the latest commit of a branch back with another one. Returns that. */
  revert(branch: string): Promise<string>
  /** Merges with a merge commit, as a promotion does. Returns it. */
  merge(from: string, into: string): Promise<string>
  /** The commit at the tip of a branch. */
  head(branch: string): Promise<string>
}

/** Nothing of the user's git configuration (hooks, signatures, line ends) has a part in this. */
const env = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'demo',
  GIT_AUTHOR_EMAIL: 'demo@localhost',
  GIT_COMMITTER_NAME: 'demo',
  GIT_COMMITTER_EMAIL: 'demo@localhost',
}

/** The committed state of the project, from git's objects; files of the folder where the project is no git checkout. */
const contents = ['app', 'delivery.json']

const copyCommit = async (root: string, folder: string, git: (...args: string[]) => Promise<string>): Promise<string> => {
  const project = (...args: string[]) => run('git', ['-C', root, '-c', 'safe.directory=*', ...args])
  const head = (await project('rev-parse', '--verify', 'HEAD')).trim()
  const objects = (await project('rev-parse', '--path-format=absolute', '--git-path', 'objects')).trim()
  await writeFile(join(folder, '.git/objects/info/alternates'), `${objects}\n`)
  const entries = await project('ls-tree', '-z', head, ...contents)
  for (const entry of entries.split('\0').filter(Boolean)) {
    const [, mode, id, path] = /^(\d+) \w+ (\w+)\t(.*)$/.exec(entry) ?? []
    if (mode === '040000') await git('read-tree', `--prefix=${path}/`, id ?? '')
    else await git('update-index', '--add', '--cacheinfo', `${mode},${id},${path}`)
  }
  await git('checkout-index', '--all')
  const changed = (await project('status', '--porcelain', '--', ...contents)).trim() !== ''
  return `commit ${head.slice(0, 7)} of this clone${changed ? '; what is not committed has no part in it' : ''}`
}

const copyFiles = async (root: string, folder: string, git: (...args: string[]) => Promise<string>): Promise<string> => {
  const filter = (path: string) => !/\/(node_modules|dist|\.git)(\/|$)/.test(path.slice(root.length))
  for (const path of contents) await cp(join(root, path), join(folder, path), { recursive: true, filter })
  await git('add', '--all', '--force')
  return 'the files of this folder, because it is no git checkout'
}

export const createRepository = async (root: string, folder: string, branches: string[]): Promise<Repository> => {
  const git = async (...args: string[]): Promise<string> => (await run('git', ['-C', folder, ...args], { env })).trim()
  const [entry = 'dev', ...others] = branches
  await mkdir(folder, { recursive: true })
  await git('init', '--quiet', `--initial-branch=${entry}`)
  await git('config', 'core.autocrlf', 'false')
  await git('commit', '--quiet', '--allow-empty', '--message', 'Begin')
  for (const branch of others) await git('branch', branch)
  const isCheckout =
    (await attempt('git', ['-C', root, '-c', 'safe.directory=*', 'cat-file', '-e', 'HEAD:delivery.json'])) !== undefined
  const origin = await (isCheckout ? copyCommit : copyFiles)(root, folder, git)
  await git('commit', '--quiet', '--message', 'Add the sample service')

  return {
    folder,
    origin,
    change: async (branch, path, edit, message) => {
      await git('checkout', '--quiet', branch)
      const before = await readFile(join(folder, path), 'utf8')
      const after = edit(before)
      if (after === before)
        throw new Error(`the change "${message}" no longer fits ${path}; the demonstration has to follow the sample service`)
      await writeFile(join(folder, path), after)
      await git('commit', '--quiet', '--message', message, '--', path)
      return git('rev-parse', 'HEAD')
    },
    revert: async (branch) => {
      await git('checkout', '--quiet', branch)
      await git('revert', '--no-edit', 'HEAD')
      return git('rev-parse', 'HEAD')
    },
    merge: async (from, into) => {
      await git('checkout', '--quiet', into)
      await git('merge', '--quiet', '--no-ff', '--message', `Promote ${from} to ${into}`, from)
      return git('rev-parse', 'HEAD')
    },
    head: (branch) => git('rev-parse', branch),
  }
}
