import { execFileSync } from 'node:child_process'

/** Nothing of the user's git configuration (hooks, signatures, line ends) has a part in this. */
const env = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'live',
  GIT_AUTHOR_EMAIL: 'live@localhost',
  GIT_COMMITTER_NAME: 'live',
  GIT_COMMITTER_EMAIL: 'live@localhost',
}

export const git = (folder: string, ...args: string[]): string =>
  execFileSync('git', args, { cwd: folder, env: { PATH: process.env['PATH'], ...env }, encoding: 'utf8' }).trim()
