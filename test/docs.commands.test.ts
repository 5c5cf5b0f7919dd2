import { globSync } from 'node:fs'
import { expect, test } from 'vitest'
import { recordNames } from '../lib/delivery/records.ts'
import { commandsOf, optionsOf, pascal, read, root, words } from './docs-commands.ts'

const PAGES = globSync(['README.md', 'docs/**/*.md', 'actions/*/README.md', 'lib/**/README.md'], { cwd: root }).toSorted()

/** The branches of the environments that the pages speak of. */
const BRANCHES = ['dev', 'staging', 'main']

/** Branches that a `git push` would move; a push that names none moves the one that is checked out. */
const pushed = (command: string): string[] => {
  const [, ...refs] = words(command)
    .slice(2)
    .filter((word) => !word.startsWith('-'))
  return refs.length === 0 ? BRANCHES : refs.map((ref) => ref.replace(/^.*:/, '').replace('refs/heads/', ''))
}

/** Before its third section the set-up page has made no ruleset. */
const afterTheRulesets = (page: string): string =>
  page === 'docs/set-up.md' ? read(page).slice(read(page).indexOf('\n## 3. ')) : read(page)

test('no page pushes to the branch of an environment, which takes pull requests alone', () => {
  const pushes = PAGES.flatMap((page) =>
    [...afterTheRulesets(page).matchAll(/git push[^\n`]*/g)].map(([command]) => ({ page, command, to: pushed(command) })),
  )
  expect(pushes.length).toBeGreaterThan(3)
  expect(pushes.filter(({ to }) => to.some((branch) => BRANCHES.includes(branch)))).toEqual([])
})

/** What else the product asks people to push. */
const PUSHES: Record<string, string> = {
  'actions/promote-branch/src/propose.ts': 'a branch that is missing, so that it has no ruleset yet',
  'actions/promote-branch/src/words.ts': 'the branch of a pull request',
  'scripts/doctor/github.ts': 'the end of a branch that belongs to no environment',
}

test('no message asks for a push to the branch of an environment', () => {
  const sources = globSync(['actions/*/src/**/*.ts', 'lib/**/*.ts', 'scripts/**/*.ts'], { cwd: root })
  const pushing = sources.filter((path) => !/\.(test|case)\.ts$/.test(path) && read(path).includes('git push'))
  expect(pushing.toSorted()).toEqual(Object.keys(PUSHES))
})

/** Whether the CLI asks for page after page. A client that is not installed here may have pages. */
const hasPages = async (command: string): Promise<boolean> => {
  const [, service, operation = ''] = words(command)
  const client: object = await import(`@aws-sdk/client-${service}`).catch(() => ({ [`paginate${pascal(operation)}`]: true }))
  return `paginate${pascal(operation)}` in client
}

test('no command picks an element by its place from every page of a call', async () => {
  const commands = PAGES.flatMap(commandsOf).filter(
    (command) => command.startsWith('aws ') && optionsOf(command).options['query'],
  )
  expect(commands.length).toBeGreaterThan(3)
  const picking = commands.filter((command) => {
    const { query = '', output } = optionsOf(command).options
    // As text each page is filtered by itself, and gives a line of its own; other forms are filtered once they are all there.
    return output === 'text' && /\[-?\d+\]|\[-?\d*:/.test(query)
  })
  const found = await Promise.all(picking.map(async (command) => ((await hasPages(command)) ? [command] : [])))
  expect(found.flat()).toEqual([])
})

test('the record that is written by hand is the one that hosts made by hand read, with an image that they take', () => {
  const page = read('docs/ec2-hosts.md')
  const record = recordNames('shop', 'prod').image('edge')
  const [, repository = ''] = /^REPOSITORY=(.+)$/m.exec(page) ?? []
  expect(/put-parameter .*--name (\S+) --type String --overwrite --value "\$IMAGE"$/m.exec(page)?.[1]).toBe(record)
  expect(/^ExecStart=\S+ edge (\S+) /m.exec(page)?.[1]).toBe(record)
  expect(/^ +IMAGE: (.+)$/m.exec(page)?.[1]).toBe(`${repository}@\${{ steps.deploy.outputs.digest }}`)
})
