import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const run = (cwd: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'commit.gpgsign=false', ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim()

/** A repository on disk as GitHub has it, with dev, staging and main on one commit, and a person's clone of it. */
export const makeRepository = (files: Record<string, string>) => {
  const base = mkdtempSync(join(tmpdir(), 'promote-world-'))
  const [origin, person] = [join(base, 'origin.git'), join(base, 'person')]
  run(base, 'init', '-q', '--bare', '-b', 'main', origin)
  run(base, 'clone', '-q', origin, person)
  const git = (...args: string[]): string => run(person, ...args)

  const write = (name: string, content: string): string => {
    writeFileSync(join(base, name), content)
    return join(base, name)
  }
  const record = (content: Record<string, string>, message: string): void => {
    for (const [path, text] of Object.entries(content)) {
      mkdirSync(dirname(join(person, path)), { recursive: true })
      writeFileSync(join(person, path), text)
    }
    git('add', '-A')
    git('commit', '-q', '--allow-empty', '-F', write('message', message))
  }
  const push = (branch: string): string => {
    git('push', '-q', 'origin', `HEAD:refs/heads/${branch}`)
    return git('rev-parse', 'HEAD')
  }
  /** Puts the person's clone on a branch as GitHub has it. */
  const at = (branch: string): void => {
    git('fetch', '-q', 'origin')
    git('checkout', '-q', '-B', branch, `origin/${branch}`)
  }

  git('checkout', '-q', '-b', 'main')
  record(files, 'first')
  for (const branch of ['main', 'staging', 'dev']) push(branch)

  let clones = 0
  return {
    origin,
    person,
    git,
    /** A file outside of every clone. */
    write,
    push,
    at,
    /** A commit on a branch, pushed. */
    commit: (branch: string, content: Record<string, string>, message = 'change'): string => {
      at(branch)
      record(content, message)
      return push(branch)
    },
    merge: (into: string, from: string, ...options: string[]): string => {
      at(into)
      git('merge', '-q', '--no-edit', ...(options.length === 0 ? ['--no-ff'] : options), `origin/${from}`)
      if (options.includes('--squash')) git('commit', '-q', '--allow-empty', '-m', `Squash ${from} (#99)`)
      return push(into)
    },
    /** What actions/checkout makes of a branch or of a pull request's merge, with `fetch-depth: 0`. */
    checkout: (revision: string): { folder: string; commit: string } => {
      clones += 1
      const folder = join(base, `checkout-${clones}`)
      run(base, 'clone', '-q', '--no-checkout', origin, folder)
      run(folder, 'fetch', '-q', 'origin', '+refs/pull/*:refs/remotes/pull/*')
      const ref = revision.startsWith('refs/pull/') ? revision.replace('refs/', '') : `origin/${revision}`
      run(folder, 'checkout', '-q', '--detach', ref)
      return { folder, commit: run(folder, 'rev-parse', 'HEAD') }
    },
    remove: (): void => rmSync(base, { recursive: true, force: true }),
  }
}
