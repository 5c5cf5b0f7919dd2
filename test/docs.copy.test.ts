import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { commandsOf } from './docs-commands.ts'
import { makeRepository } from './promote-repository.ts'

/** What the first and the last commands of the set-up page need of a copy: that they follow on each other. */
const ours = Object.fromEntries(['delivery.json', 'package.json', 'package-lock.json'].map((path) => [path, 'of ours\n']))
const upstream = makeRepository(ours)
const home = mkdtempSync(join(tmpdir(), 'docs-copy-'))
const gitHub = join(home, 'github.git')
afterAll(() => {
  upstream.remove()
  rmSync(home, { recursive: true })
})

const program = (path: string, ...lines: string[]): void => {
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, ['#!/bin/sh', 'set -e', ...lines, ''].join('\n'))
  chmodSync(path, 0o755)
}

/** The part of `gh` that has to do with the clone: the empty repository, and a pull request of branches that are pushed. */
program(
  join(home, 'bin/gh'),
  'case "$1 $2" in',
  `'repo create')`,
  `  [ "$*" = 'repo create acme/shop --private --source . --remote origin' ]`,
  `  git init -q --bare -b main '${gitHub}'`,
  `  git remote add origin '${gitHub}' ;;`,
  `'pr create')`,
  '  [ "$3 $5 $7" = "--base --head --fill" ]',
  '  git ls-remote --exit-code origin "refs/heads/$4" "refs/heads/$6" >/dev/null ;;',
  'esac',
)
program(join(home, 'bin/npm'), '[ "$*" != ci ] || [ -s package.json -a -s package-lock.json ]')

const env = {
  ...process.env,
  PATH: `${join(home, 'bin')}:${process.env['PATH']}`,
  HOME: home,
  GIT_AUTHOR_NAME: 't',
  GIT_AUTHOR_EMAIL: 't@example.org',
  GIT_COMMITTER_NAME: 't',
  GIT_COMMITTER_EMAIL: 't@example.org',
  GIT_CONFIG_COUNT: '1',
  GIT_CONFIG_KEY_0: `url.${upstream.origin}.insteadOf`,
  GIT_CONFIG_VALUE_0: 'https://github.com/OWNER/slipway.git',
}
const run = (cwd: string, commands: string[]): void => {
  // Somebody has worked before a commit.
  const lines = commands.flatMap((line) => (line.startsWith('git commit') ? ['echo more >> delivery.json', line] : [line]))
  execFileSync('sh', ['-ec', lines.join('\n')], { cwd, env, stdio: 'pipe' })
}
const branch = (name: string): string => execFileSync('git', ['-C', gitHub, 'rev-parse', name], { encoding: 'utf8' }).trim()

/** What section 3 makes: the branches, and rulesets by which nobody pushes to them. */
const setUp = (): void => {
  for (const name of ['dev', 'staging']) execFileSync('git', ['-C', gitHub, 'branch', name, 'main'])
  program(join(gitHub, 'hooks/update'), 'case "$1" in refs/heads/dev|refs/heads/staging|refs/heads/main) exit 1 ;; esac')
}

test('the commands of the set-up page bring a copy to GitHub, and a change to dev once there are rulesets', () => {
  const commands = commandsOf('docs/set-up.md')
  const [applied, delivered] = ['export GITHUB_TOKEN', 'gh workflow run'].map((beginning) =>
    commands.findIndex((command) => command.startsWith(beginning)),
  )
  run(home, commands.slice(0, applied))
  const clone = join(home, 'shop')
  const head = execFileSync('git', ['-C', clone, 'rev-parse', 'main'], { encoding: 'utf8' }).trim()
  expect(branch('main')).toBe(head)

  setUp()
  run(clone, commands.slice(delivered))
  expect(branch('first-change^')).toBe(branch('dev'))
  expect(() => run(clone, ['git push origin HEAD:dev'])).toThrow(/hook declined/)
})
