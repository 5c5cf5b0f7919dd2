import { execFileSync } from 'node:child_process'

const { GITHUB_REF = '', GITHUB_SHA = '', GITHUB_WORKSPACE = '.', SLIPWAY_ORIGIN = '' } = process.env
const input = (name: string): string => process.env[`INPUT_${name.toUpperCase()}`] ?? ''
const git = (...args: string[]): void => {
  execFileSync('git', args, { cwd: GITHUB_WORKSPACE, stdio: 'inherit' })
}
if (input('repository') !== '') throw new Error('this stand-in checks out only the own repository')

const pull = /^refs\/pull\/(.+)$/.exec(GITHUB_REF)?.[1]
const branch = input('ref') || GITHUB_REF.replace(/^refs\/(heads|tags)\//, '')
const tracked = pull === undefined ? `refs/remotes/origin/${branch}` : `refs/remotes/pull/${pull}`
const isCommit = /^[0-9a-f]{40}$/.test(input('ref'))
const wanted = input('ref') === '' ? GITHUB_SHA : isCommit ? input('ref') : `refs/heads/${input('ref')}`
git('init', '--quiet', '.')
git('remote', 'add', 'origin', SLIPWAY_ORIGIN)
if (input('fetch-depth') === '0')
  git('fetch', '--quiet', 'origin', '+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*')
git(
  'fetch',
  '--quiet',
  ...(input('fetch-depth') === '0' ? [] : ['--depth', input('fetch-depth')]),
  'origin',
  `+${wanted}:${tracked}`,
)
if (pull === undefined) git('checkout', '--quiet', '--force', '-B', branch, tracked)
else git('checkout', '--quiet', '--force', '--detach', tracked)
