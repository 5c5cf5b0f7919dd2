import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { commandsOf, read, root, words } from './docs-commands.ts'
import { makeRepository } from './promote-repository.ts'

/** What belongs to the team that has the copy. */
const THEIRS = ['app/', 'delivery.json', 'README.md', '.github/CODEOWNERS', '.github/dependabot.yml']
const isTheirs = (path: string): boolean => THEIRS.some((theirs) => path === theirs || path.startsWith(theirs))

const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean)
const as = (content: string): Record<string, string> => Object.fromEntries(tracked.map((path) => [path, content]))

/** Every file of this repository in an older and in a later version. */
const copy = makeRepository({ ...as('of v1.1.0\n'), 'lib/gone.ts': 'of v1.1.0\n', '.github/workflows/own.yml': 'ours\n' })
const upstream = makeRepository(as('of v1.2.3\n'))
const commands = commandsOf('docs/upgrade-and-uninstall.md').filter((command) => / FETCH_HEAD /.test(command))
beforeAll(() => {
  upstream.git('push', '-q', 'origin', 'HEAD:refs/tags/v1.2.3')
  copy.git('fetch', '-q', upstream.origin, 'refs/tags/v1.2.3')
  for (const command of commands) copy.git(...words(command).slice(1))
})
afterAll(() => {
  copy.remove()
  upstream.remove()
})

test('the upgrade brings every file of ours, and none of what belongs to the team', () => {
  const differing = copy.git('diff', '--cached', '--name-only', 'FETCH_HEAD').split('\n')
  expect(differing).toEqual([...tracked.filter(isTheirs), '.github/workflows/own.yml'].toSorted())
})

test('the upgrade removes what a folder of ours no longer has', () => {
  expect(existsSync(join(copy.person, 'lib/gone.ts'))).toBe(false)
})

/** In the hands of a team there are folders that are not ours. */
const isOurs = JSON.parse(read('delivery.json')).repository.owner === 'acme'

test.runIf(isOurs)('the upgrade names every folder of ours', () => {
  const [restored = ''] = commands.filter((command) => command.startsWith('git restore '))
  const folders = new Set(tracked.filter((path) => path.includes('/')).map((path) => path.replace(/\/.*/, '')))
  const own = [...folders].filter((folder) => folder !== '.github' && !isTheirs(`${folder}/`))
  expect(words(restored.split(' -- ')[1] ?? '').toSorted()).toEqual(own.toSorted())
})
