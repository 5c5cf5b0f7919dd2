import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type GitHub, startGitHub } from '../local/github/api/api.ts'
import { memoryGit } from '../local/github/api/memory-git.ts'
import { blocks, commandsOf, read, root } from './docs-commands.ts'
import { EXAMPLE_FILE } from './example.ts'
import { gh } from './gh.ts'
import { claimsOf } from './identity/jobs.case.ts'

const commands = ['docs/set-up.md', 'docs/oidc.md', 'docs/infrastructure.md'].flatMap(commandsOf)

/** Commands that cannot run here, by their beginning, and why. */
const NOT_HERE: [string, string][] = [
  ['git ', 'test/docs.copy.test.ts runs it'],
  ['cd ', 'as well'],
  ['gh repo create', 'as well'],
  ['gh pr create', 'as well'],
  ['npm ci', 'is how this test got its packages'],
  ['gh api repos/acme/shop --jq', 'prints what the stand-in is told; `setup` compares it'],
  ['export GITHUB_TOKEN', 'needs somebody who is logged in; the token is in the environment here'],
  ['aws ', 'no AWS CLI is installed; test/doctor.long.test.ts sends the requests of IAM, ECR and SSM to MiniStack by the SDK'],
  ['gh workflow run', 'starts a run on GitHub; test/workflows runs deliver.yml'],
]

let gitHub: GitHub
let token: string
let folder: string
beforeAll(async () => {
  const git = memoryGit()
  gitHub = await startGitHub({ git })
  git.add('main')
  token = gitHub.tokens.forPerson('octocat')
  folder = mkdtempSync(join(tmpdir(), 'docs-'))
  for (const name of readdirSync(root))
    if (!['.git', 'delivery.json'].includes(name)) symlinkSync(join(root, name), join(folder, name))
  symlinkSync(EXAMPLE_FILE, join(folder, 'delivery.json'))
  const claims = JSON.stringify(claimsOf({ file: '_deploy.yml', branch: 'feature', environment: 'prod' }))
  writeFileSync(join(folder, 'claims.json'), claims)
  writeFileSync(join(folder, 'token.txt'), `e30.${Buffer.from(claims).toString('base64url')}.x`)
})
afterAll(async () => {
  await gitHub.close()
  rmSync(folder, { recursive: true })
})

/** What npm makes of `npm run NAME -- ARGUMENTS`, without its half a second. */
const asNpmRuns = (command: string): string => {
  const [, name = '', rest = ''] = /^npm run (?:--silent )?([\w-]+)(?: --(?= ))?(.*)$/.exec(command) ?? []
  const scripts = JSON.parse(read('package.json')).scripts as Record<string, string>
  if (scripts[name] === undefined) throw new Error(`package.json has no script for: ${command}`)
  return `${scripts[name]}${rest}`
}

const run = (command: string): Promise<{ code: number; out: string }> =>
  new Promise((resolve) => {
    const env = {
      PATH: process.env['PATH'],
      HOME: folder,
      GITHUB_TOKEN: token,
      GITHUB_API_URL: gitHub.url,
      AWS_EC2_METADATA_DISABLED: 'true',
    }
    execFile('sh', ['-c', asNpmRuns(command)], { cwd: folder, env }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out: out + err }),
    )
  })

test('every command of the pages is run, or is listed with the reason why not', async () => {
  const left = commands.filter((command) => !NOT_HERE.some(([beginning]) => command.startsWith(beginning)))
  const codes: Record<string, number> = {}
  const one = async (command: string): Promise<void> => {
    if (command.startsWith('gh api ')) return gh(gitHub, token, command)
    const { code, out } = await run(command)
    expect(out, command).not.toMatch(/^\s+at |usage:/m)
    codes[command] = code
  }
  // Only those that touch the repository build on each other.
  const isOrdered = (command: string): boolean => /^gh api|^npm run (setup|doctor)/.test(command)
  const inOrder = async (): Promise<void> => {
    for (const command of left.filter(isOrdered)) await one(command)
  }
  await Promise.all([inOrder(), ...left.filter((command) => !isOrdered(command)).map(one)])
  expect(codes).toEqual({
    // Something is left to do until it is applied, and the two settings after it are turned.
    'npm run setup': 1,
    'npm run setup -- --apply': 1,
    // No profile leads to an account here.
    'npm run account -- --profile shop-registry': 1,
    'npm run account -- --profile shop-dev --check': 1,
    'npm run account -- --profile shop-dev --yes': 1,
    'npm run live -- --account 555555555555 --i-know-this-costs-money --profile disposable': 1,
    'npm run doctor -- --profile shop-registry --profile shop-dev --profile shop-staging --profile shop-prod': 1,
    'npm run doctor -- --only github': 0,
    'npm run doctor -- --only aws --json': 1,
    // The token of the page's example is refused.
    'npm run --silent oidc-explain -- token.txt': 1,
    'npm run --silent oidc-explain -- - < token.txt': 1,
    'npm run --silent oidc-explain -- claims.json --role shop-prod-deploy': 1,
    'npm run --silent oidc-explain -- claims.json --json': 1,
    'npm run --silent oidc-explain -- --trust shop-prod-deploy': 0,
  })
}, 60_000)

test('every reason why a command is not run is of a command that is there', () => {
  expect(
    NOT_HERE.map(([beginning]) => beginning).filter((beginning) => !commands.some((command) => command.startsWith(beginning))),
  ).toEqual([])
})

test('the answer that the page shows is the one that is given', async () => {
  const { out } = await run('npm run --silent oidc-explain -- claims.json')
  expect(blocks('docs/oidc.md', '')).toContain(out)
})

test('the table of permissions has every call of the actions', () => {
  const rows = [...read('docs/set-up.md').matchAll(/^\| (`PROJECT-[\w-]+`)? ?\|[^|]*\|([^|]*)\|/gm)]
  let role = ''
  const allowed = new Map<string, Set<string>>()
  for (const [, name, actions = ''] of rows) {
    role = name?.replaceAll('`', '').replace('PROJECT-', '') ?? role
    const more = [...actions.matchAll(/:(\w+)`/g)].map(([, action]) => action ?? '')
    allowed.set(role, new Set([...(allowed.get(role) ?? []), ...more]))
  }
  const missing = Object.entries(CALLERS).flatMap(([action, roles]) =>
    callsOf(`actions/${action}/src`).flatMap((call) =>
      roles.some((one) => allowed.get(one)?.has(AS_ALLOWED[call] ?? call)) ? [] : [`${action}: ${call}`],
    ),
  )
  expect(missing).toEqual([])
})

test('the pages of an action name the permission of every call that it makes', () => {
  const missing = Object.keys(CALLERS).flatMap((action) => {
    const pages = [`actions/${action}/README.md`, ...(action === 'deploy-service' ? TARGET_PAGES : [])].map(read).join('\n')
    const named = new Set([...pages.matchAll(/\b[a-z0-9]+:([A-Z]\w+)/g)].map(([, name]) => name))
    return callsOf(`actions/${action}/src`).flatMap((call) => (named.has(AS_ALLOWED[call] ?? call) ? [] : [`${action}: ${call}`]))
  })
  expect(missing).toEqual([])
})

/** Where the README of deploy-service refers for the other targets. */
const TARGET_PAGES = ['docs/lambda-functions.md', 'docs/ec2-hosts.md']

/** The roles whose credentials each action works with. */
const CALLERS: Record<string, string[]> = {
  'plan-delivery': ['registry-read', 'ENV-read'],
  'reconcile-delivery': ['registry-read', 'ENV-read'],
  'build-push-image': ['registry-build'],
  'deploy-service': ['ENV-deploy'],
  'budget-report': ['ENV-budget'],
}

/** Calls that are allowed under another name (service authorization reference). */
const AS_ALLOWED: Record<string, string> = {
  Invoke: 'InvokeFunction',
  DescribeBudgets: 'ViewBudget',
  DescribeBudgetNotificationsForAccount: 'ViewBudget',
}

const callsOf = (path: string): string[] => {
  const files = readdirSync(join(root, path), { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !/\.(test|case)\./.test(file),
  )
  const found = files.flatMap((file) =>
    [...read(join(path, file)).matchAll(/new (\w+)Command\(|\bpaginate([A-Z]\w+)\(/g)].map(
      ([, one, other]) => one ?? other ?? '',
    ),
  )
  return [...new Set(found)].toSorted()
}
