import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')

/** Nothing of the user's git configuration (hooks, signatures, line ends) has a part in this. */
const env = {
  ...process.env,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'octocat',
  GIT_AUTHOR_EMAIL: 'octocat@example.org',
  GIT_COMMITTER_NAME: 'octocat',
  GIT_COMMITTER_EMAIL: 'octocat@example.org',
}

/** A file's text, or undefined to remove it. */
export type Files = Record<string, string | undefined>

export type Scratch = {
  /** The bare repository that stands for GitHub's. */
  origin: string
  git(...args: string[]): string
  /** Commits on a branch, which is made from `from` where it does not exist, and pushes. Resolves to the commit. */
  commit(branch: string, files: Files, message?: string, from?: string): string
  /** Merges with a merge commit, as a promotion does, and pushes. */
  merge(from: string, into: string, message?: string): string
  /** As GitHub's squash button does. */
  squash(from: string, into: string, message?: string): string
  head(branch: string): string
  /** A file of a branch. */
  show(branch: string, path: string): string
  /** `.github/workflows` of a commit, as act reads it. */
  workflowsOf(commit: string, folder: string): string
}

/**
 * A repository like the user's: workflows, actions with their bundles, sample service, and one commit on every branch. `further`: what
 * else of this repository it has.
 */
export const createScratch = (
  folder: string,
  bundled: string | undefined,
  files: Files,
  branches: string[],
  further: readonly string[] = [],
): Scratch => {
  const origin = join(folder, 'origin.git')
  const clone = join(folder, 'clone')
  const at =
    (cwd: string) =>
    (...args: string[]): string =>
      execFileSync('git', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 2 ** 28 }).trim()
  const git = at(clone)
  const write = (changed: Files): void => {
    for (const [path, text] of Object.entries(changed)) {
      if (text === undefined) rmSync(join(clone, path))
      else {
        mkdirSync(dirname(join(clone, path)), { recursive: true })
        writeFileSync(join(clone, path), text)
      }
    }
  }
  mkdirSync(origin, { recursive: true })
  at(origin)('init', '--quiet', '--bare')
  // As GitHub does: a job fetches the commit that it is of.
  at(origin)('config', 'uploadpack.allowAnySHA1InWant', 'true')
  mkdirSync(clone)
  const [first = 'dev', ...others] = branches
  git('init', '--quiet', `--initial-branch=${first}`)
  git('remote', 'add', 'origin', `file://${origin}`)
  for (const path of ['app', '.github', 'delivery.schema.json', ...further])
    cpSync(join(root, path), join(clone, path), { recursive: true, filter: (from) => !/\/(node_modules|dist)$/.test(from) })
  if (bundled !== undefined) cpSync(join(bundled, 'actions'), join(clone, 'actions'), { recursive: true })
  write(files)
  git('add', '--all', '--force')
  git('commit', '--quiet', '--message', 'Begin')
  for (const branch of others) git('branch', branch)
  git('push', '--quiet', 'origin', '--all')

  const publish = (branch: string): string => {
    git('push', '--quiet', 'origin', branch)
    return git('rev-parse', 'HEAD')
  }
  const onto = (branch: string): void => {
    git('fetch', '--quiet', 'origin')
    git('checkout', '--quiet', '-B', branch, `origin/${branch}`)
  }
  return {
    origin,
    git,
    commit: (branch, changed, message = 'Change', from) => {
      git('fetch', '--quiet', 'origin')
      git('checkout', '--quiet', '-B', branch, `origin/${from ?? branch}`)
      write(changed)
      git('add', '--all')
      git('commit', '--quiet', '--message', message)
      return publish(branch)
    },
    merge: (from, into, message = `Merge ${from} into ${into}`) => {
      onto(into)
      git('merge', '--quiet', '--no-ff', '--message', message, `origin/${from}`)
      return publish(into)
    },
    squash: (from, into, message = `Squash ${from}`) => {
      onto(into)
      git('merge', '--quiet', '--squash', `origin/${from}`)
      git('commit', '--quiet', '--allow-empty', '--message', message)
      return publish(into)
    },
    head: (branch) => at(origin)('rev-parse', `refs/heads/${branch}`),
    show: (branch, path) => at(origin)('show', `refs/heads/${branch}:${path}`),
    workflowsOf: (commit, target) => {
      const archive = execFileSync('git', ['archive', commit, '.github/workflows'], { cwd: origin, env, maxBuffer: 2 ** 28 })
      mkdirSync(target, { recursive: true })
      execFileSync('tar', ['-x', '-C', target], { input: archive })
      return join(target, '.github/workflows')
    },
  }
}
