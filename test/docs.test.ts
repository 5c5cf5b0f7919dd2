import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import * as ssm from '@aws-sdk/client-ssm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { downstreams } from '../actions/promote-branch/src/environments.ts'
import { judge, type Question } from '../actions/promote-branch/src/verdict.ts'
import { parseConfiguration } from '../lib/delivery/parse.ts'
import { startCloud } from '../local/cloud.ts'
import { readCommand } from '../scripts/slipway/arguments.ts'
import { shippedWorkflows } from '../scripts/workflow-rules/world.ts'
import { blocks, commandsOf, optionsOf, pascal, read, root, words } from './docs-commands.ts'
import { exampleConfiguration } from './example.ts'
import { gh } from './gh.ts'
import { makeRepository } from './promote-repository.ts'
import { type PromoteWorld, startPromoteWorld } from './promote-world.ts'

const PAGES = ['promote', 'roll-back', 'hotfix', 'adopt-a-service', 'break-glass', 'upgrade-and-uninstall'].map(
  (page) => `docs/${page}.md`,
)

/** Commands that cannot run here, by their beginning, and why. */
const NOT_HERE: [string, string][] = [
  ['gh run cancel', 'ends a run on GitHub; that a cancelled deployment gives the lease back is tested with deploy-service'],
  ['gh attestation verify', 'asks GitHub for an attestation that only release.yml can make there'],
  ['aws iam', 'the local cloud serves no IAM, and no AWS CLI is installed'],
  ['aws cloudformation', 'no AWS CLI is installed; the same calls are made in MiniStack, where a live run is destroyed'],
  ['aws ecr delete-repository', 'as well'],
  ['aws ssm get-parameters-by-path', 'as well'],
  ['aws ssm delete-parameters', 'the product deletes no record, so the local cloud serves no such call'],
  ['npm ci', 'is how this test got its packages'],
]
const isHere = (command: string): boolean => !NOT_HERE.some(([beginning]) => command.startsWith(beginning))

const configuration = exampleConfiguration()
const branches = Object.values(configuration.environments).map(({ branch }) => branch)
const sh = promisify(execFile)

type Workflow = { on: { workflow_dispatch?: { inputs?: Record<string, object> } | null } }
const workflows = shippedWorkflows.map((path, index) => {
  const { on }: Workflow = parse(read(path))
  const dispatch = 'workflow_dispatch' in on ? { inputs: on.workflow_dispatch?.inputs ?? {} } : {}
  return { id: index + 1, path, name: basename(path), ...dispatch }
})

let world: PromoteWorld
let token: string
beforeAll(async () => {
  world = await startPromoteWorld()
  const { gitHub } = world
  token = gitHub.tokens.forPerson('octocat')
  gitHub.state.workflows.push(...workflows)
  const ruleset = { id: 1001, name: 'slipway: main', target: 'branch', enforcement: 'active' as const, conditions: {}, rules: [] }
  gitHub.state.rulesets.push({ ...ruleset, bypass_actors: [] })
  const auth = { headers: { authorization: `Bearer ${token}` }, method: 'PUT' }
  await fetch(`${gitHub.url}/repos/acme/shop/environments/build`, auth)
  // What the pages suppose: dev is ahead, and staging and main have something of their own.
  world.commit('dev', { 'app/server.js': 'better()\n' }, 'Serve better')
  world.commit('staging', { 'app/own.js': 'own()\n' }, 'By hand')
  world.commit('main', { 'app/fix.js': 'fix()\n' }, 'Fix')
})
afterAll(() => world.close())

const git = async (command: string): Promise<void> => {
  // Somebody has worked before the commit.
  if (command.startsWith('git commit --all')) await sh('sh', ['-c', 'echo "fixed()" >> app/server.js'], { cwd: world.person })
  const env = { ...process.env, GIT_CONFIG_COUNT: '2', GIT_EDITOR: 'true', ...settings() }
  await sh('sh', ['-c', command], { cwd: world.person, env })
}
const settings = (): Record<string, string> => ({
  GIT_AUTHOR_NAME: 't',
  GIT_AUTHOR_EMAIL: 't@example.org',
  GIT_COMMITTER_NAME: 't',
  GIT_COMMITTER_EMAIL: 't@example.org',
  GIT_CONFIG_KEY_0: 'commit.gpgsign',
  GIT_CONFIG_VALUE_0: 'false',
  GIT_CONFIG_KEY_1: `url.${upstream.origin}.insteadOf`,
  GIT_CONFIG_VALUE_1: 'https://github.com/OWNER/slipway.git',
})

/** A later version of this repository, as far as the upgrade takes files from it. */
const upstream = makeRepository(
  Object.fromEntries(
    ['.ci', 'actions', 'bench', 'docs', 'infra', 'lib', 'local', 'scripts', 'test'].map((folder) => [
      `${folder}/a`,
      'of v1.2.3\n',
    ]),
  ),
)
upstream.git('push', '-q', 'origin', 'HEAD:refs/tags/v1.2.3')
afterAll(() => upstream.remove())

const dispatch = async (command: string): Promise<void> => {
  const [, , , workflow = ''] = words(command)
  const { options, fields } = optionsOf(command)
  const { environment } = fields
  if (environment !== undefined) expect(options['ref'], command).toBe(configuration.environments[environment]?.branch)
  expect(branches, command).toContain(options['ref'])
  const answer = await fetch(`${world.gitHub.url}/repos/acme/shop/actions/workflows/${workflow}/dispatches`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({ ref: options['ref'], inputs: fields }),
  })
  expect([answer.status, await answer.text()], command).toEqual([204, ''])
}

const runList = (command: string): void => {
  const { options } = optionsOf(command)
  const named = [options['workflow'], words(command)[3]].filter((word) => word?.endsWith('.yml'))
  for (const name of named) expect(workflows.map((workflow) => workflow.name)).toContain(name)
  if (options['branch'] !== undefined) expect(branches).toContain(options['branch'])
}

const npm = (command: string): void => {
  const [, , ...rest] = words(command)
  const [name = '', ...args] = rest.filter((word) => word !== '--silent' && word !== '--')
  const script: string = JSON.parse(read('package.json')).scripts[name]
  expect(script, command).toBeDefined()
  if (name === 'slipway') {
    const parsed = readCommand(args)
    if ('environment' in parsed) expect(Object.keys(configuration.environments), command).toContain(parsed.environment)
    return
  }
  const source = read(script.replace(/^node /, ''))
  for (const flag of args.filter((word) => word.startsWith('--'))) expect(source, command).toContain(flag)
}

/** Sends what `aws ssm …` would send, to the local cloud. */
const aws = async (command: string): Promise<void> => {
  const [, , operation = ''] = words(command)
  const { options } = optionsOf(command)
  const name = pascal(operation)
  const { query: _, output: __, ...rest } = options
  const input = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [
      pascal(key),
      value === 'true' ? true : value.startsWith('file://') ? JSON.stringify({ from: value }) : value,
    ]),
  )
  const cloud = await startCloud({ scenario: { accounts: ['444444444444'], roles: [] } })
  try {
    const credentials = cloud.adminKey('444444444444')
    const client = new ssm.SSM({ endpoint: cloud.endpoint, region: 'eu-west-1', credentials })
    const [Name, version = '1'] = String(input['Name']).split(':')
    for (let at = 1; at <= Number(version); at++) {
      await client.putParameter({ Name, Value: 'x', Type: 'String', Overwrite: true })
    }
    const call: unknown = Reflect.get(client, name.charAt(0).toLowerCase() + name.slice(1))
    if (typeof call !== 'function') throw new Error(`no such call: ${command}`)
    await call.call(client, input)
  } finally {
    await cloud.close()
  }
}

const openPull = async (command: string): Promise<void> => {
  const { base = '', head = '' } = optionsOf(command).options
  const isThere = world.gitHub.state.pulls.some((pull) => pull.state === 'open' && pull.base === base && pull.head === head)
  if (!isThere) await world.openPull(head, base)
}

const HANDLERS: [string, (command: string) => unknown][] = [
  ['git ', git],
  ['gh workflow run ', dispatch],
  ['gh workflow disable ', runList],
  ['gh run list', runList],
  ['gh pr create ', openPull],
  [
    'gh api ',
    (command) =>
      gh(
        world.gitHub,
        token,
        command
          .replace(/ --jq '.*'$/, '')
          .replace('{owner}/{repo}', 'acme/shop')
          .replaceAll("'", ''),
      ),
  ],
  ['npm ', npm],
  ['aws ssm ', aws],
]

describe('every command of a page runs, or is listed with the reason why not', () => {
  test.each(PAGES)('%s', async (page) => {
    const commands = commandsOf(page).filter(isHere)
    expect(commands.length).toBeGreaterThan(0)
    for (const command of commands) {
      const handler = HANDLERS.find(([beginning]) => command.startsWith(beginning))?.[1]
      expect(handler, `nothing runs: ${command}`).toBeDefined()
      await handler?.(command)
    }
  })

  test('and every reason is of a command that is there', () => {
    const all = PAGES.flatMap(commandsOf)
    expect(NOT_HERE.map(([beginning]) => beginning).filter((beginning) => !all.some((it) => it.startsWith(beginning)))).toEqual(
      [],
    )
  })
})

test('the example of an adopted service is a valid configuration', () => {
  const [example = '{}'] = blocks('docs/adopt-a-service.md', 'json')
  const whole = { ...configuration, ...JSON.parse(example) }
  expect(parseConfiguration(JSON.stringify(whole)).services['api']?.names).toMatchObject({ cluster: 'legacy' })
})

test('links between the pages lead somewhere', () => {
  const broken = [...PAGES, 'docs/use-one-action.md'].flatMap((page) =>
    [...read(page).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)]
      .map(([, target = '']) => join(dirname(page), target))
      .filter((target) => !existsSync(join(root, target)))
      .map((target) => `${page} → ${target}`),
  )
  expect(broken).toEqual([])
})

test('the page on promotions quotes the status as it is posted', () => {
  const [place] = downstreams(configuration)
  if (place === undefined) throw new Error('nothing is promoted in delivery.json')
  const candidate = (tag: string) => ({ api: { image: 'app', tag } })
  const question: Question = {
    place: { ...place, soak: '30m' },
    entry: 'dev',
    isLast: false,
    pull: { branch: 'dev', isFork: false },
    outcome: { kind: 'tree', merged: candidate('a'), head: candidate('a') },
    upstream: candidate('a'),
    own: 2,
    standing: { standing: 'unknown', hasOlder: false },
    now: Date.parse('2026-11-21T12:00:00Z'),
  }
  const verified = (since: string) => ({ standing: 'verified' as const, since, release: 'rel-1', digests: {} })
  const cases: Partial<Question>[] = [
    { standing: verified('2026-11-21T08:00:00Z') },
    { standing: verified('2026-11-21T11:59:00Z') },
    {},
    { standing: { standing: 'failed', at: '2026-11-21T08:00:00Z' } },
    { outcome: { kind: 'tree', merged: candidate('m'), head: candidate('a') } },
    { outcome: { kind: 'conflict', files: ['app/server.js'] } },
    { standing: { standing: 'rejected', release: 'rel-1', by: 'prod' } },
  ]
  const posted = cases.map((change) => judge({ ...question, ...change }))
  const rows = [...read('docs/promote.md').matchAll(/^ *\| (success|pending|failure) \| \*(.*?)\* \|/gm)]
  expect(rows).toHaveLength(posted.length)
  for (const [index, [, state, quoted = '']] of rows.entries()) {
    const pattern = quoted.split('…').map((part) => part.trim().replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    expect(posted[index]).toMatchObject({ state, reason: expect.stringMatching(new RegExp(`^${pattern.join('.*')}`)) })
  }
})
