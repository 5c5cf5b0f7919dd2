import { execFileSync } from 'node:child_process'
import type { GitCommit, GitSource } from './git.ts'

const FORMAT = ['%H', '%T', '%P', '%an', '%ae', '%aI', '%B'].join('%x00')

const parse = (text: string): GitCommit => {
  const [sha = '', tree = '', parents = '', name = '', email = '', date = '', ...message] = text.split('\0')
  const listed = parents === '' ? [] : parents.split(' ')
  return { sha, tree, parents: listed, message: message.join('\0').trimEnd(), author: { name, email, date } }
}

/** A git repository on disk: what tests push to it is what the API answers. Needs git 2.38 or later for merges. */
export const bareRepository = (folder: string): GitSource => {
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=GitHub', '-c', 'user.email=noreply@github.com', ...args], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 2 ** 28,
    })
  // A commit never changes, so that only unknown ones are asked for.
  const known = new Map<string, GitCommit>()
  const read = (sha: string): void => {
    for (const text of git('log', '-z', `--format=${FORMAT}%x01`, sha).split('\x01')) {
      const commit = parse(text.replace(/^\0/, ''))
      if (commit.sha !== '') known.set(commit.sha, commit)
    }
  }
  return {
    refs: () =>
      Object.fromEntries(
        git('for-each-ref', '--format=%(refname) %(objectname)')
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => line.split(' ') as [string, string]),
      ),
    commit: (sha) => {
      if (known.has(sha)) return known.get(sha)
      try {
        read(sha)
      } catch {}
      return known.get(sha)
    },
    setRef: (ref, sha) => {
      git('update-ref', ...(sha === undefined ? ['-d', ref] : [ref, sha]))
    },
    merge: (base, head, message) => {
      try {
        const tree = git('merge-tree', '--write-tree', base, head).trim()
        return git('commit-tree', tree, '-p', base, '-p', head, '-m', message).trim()
      } catch {
        return undefined
      }
    },
  }
}
